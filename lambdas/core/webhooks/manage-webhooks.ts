import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Rotation } from '../../../contract/api/portal/rotation.ts';
import type {
  NewWebhook,
  WebhookChange,
  WebhookSecretShownOnce,
  WebhookView,
} from '../../../contract/api/portal/webhooks.ts';
import { type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type AuditPorts, underAudit } from '../accounts/audit.ts';
import { nameOf, type Operator } from '../accounts/operator.ts';
import { editsAfter, type Members, mergeEdit, NO_EDITS, untilWritten } from '../model/edits.ts';
import { testDelivery } from '../model/event.ts';
import type { JobQueue } from '../model/job.ts';
import { Problem } from '../model/problem.ts';
import { describeRotation, type LastUses, secretsBeside } from '../model/rotation.ts';
import { liveSecrets, type Webhook, type WebhookSecretVault, type Webhooks } from '../model/webhook.ts';
import type { Destinations } from './destination.ts';
import { writeSecret } from './sign.ts';

export interface PortalWebhookPorts extends AuditPorts {
  readonly webhooks: Webhooks;
  readonly webhookSecrets: Pick<WebhookSecretVault, 'seal'>;
  readonly destinations: Destinations;
  readonly jobs: Pick<JobQueue, 'add'>;
}

const MAX_WEBHOOKS = 10;
const SECRET_BYTES = 32;

/** The last delivery that the receiver accepted while the secret signed. If two sign, it may verify with either. */
const usesOf = ({ secrets, attempts }: Webhook): LastUses =>
  Object.fromEntries(
    secrets.flatMap(({ generation, since, endsAt }) => {
      const used = attempts.find(
        ({ outcome, at }) =>
          outcome === 'delivered' && (since === null || since <= at) && (endsAt === null || at < endsAt),
      );
      return used === undefined ? [] : [[generation, epochSeconds(used.at)]];
    }),
  );

const viewOf = (webhook: Webhook, now: EpochSeconds): WebhookView => {
  const { accountId: _account, secrets: _secrets, failures: _failures, edits: _edits, ...view } = webhook;
  return {
    ...view,
    events: [...view.events],
    attempts: [...view.attempts],
    secrets: liveSecrets(webhook, now).map(({ generation, endsAt, since }) => {
      return { generation, endsAt, since, lastUsedAt: usesOf(webhook)[generation] ?? null };
    }),
  };
};

const ownWebhook = async (ports: PortalWebhookPorts, { accountId }: Operator, webhookId: string): Promise<Webhook> => {
  const webhook = await ports.webhooks.read(accountId, webhookId);
  if (webhook === null) throw new Problem('not-found', 'unknown or foreign webhook');
  return webhook;
};

const checkUrl = ({ destinations }: PortalWebhookPorts, url: string): void => {
  const detail = destinations.faultOf(url);
  if (detail !== null) throw new Problem('invalid-option', 'url', { errors: [{ pointer: '#/url', detail }] });
};

/** Newest first. */
export const listWebhooks =
  (ports: PortalWebhookPorts) =>
  async ({ accountId }: Operator): Promise<readonly WebhookView[]> => {
    const webhooks = await ports.webhooks.list(accountId);
    return webhooks.map((webhook) => viewOf(webhook, ports.clock())).sort((a, b) => b.createdAt - a.createdAt);
  };

/** Creates a webhook; its secret is in this answer and nowhere else. @throws Problem `invalid-option`, `too-many` above 10 */
export const addWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, { url, events }: NewWebhook): Promise<WebhookSecretShownOnce> => {
    checkUrl(ports, url);
    const { accountId } = operator;
    if ((await ports.webhooks.list(accountId)).length >= MAX_WEBHOOKS) throw new Problem('too-many', 'webhooks');
    const webhookId = `wh_${randomUUID().replaceAll('-', '')}`;
    const [secret, now] = [randomBytes(SECRET_BYTES), ports.clock()];
    const act = { act: 'webhook-created', detail: `${webhookId} ${new URL(url).hostname}` } as const;
    await underAudit(ports, operator, act, async () => {
      const wrapped = await ports.webhookSecrets.seal(webhookId, 1, secret);
      await ports.webhooks.create({
        webhookId,
        accountId,
        url,
        events,
        enabled: true,
        disabledBecause: null,
        createdAt: now,
        secrets: [{ generation: 1, wrapped, endsAt: null, since: now }],
        failures: 0,
        failingSince: null,
        pausedUntil: null,
        attempts: [],
        edits: NO_EDITS,
      });
    });
    return { webhookId, secret: writeSecret(secret) };
  };

/** Switched on, a webhook starts fresh: no pause and no failures. */
const switched = (enabled: boolean | undefined) => {
  if (enabled === undefined) return {};
  return enabled
    ? ({ enabled, disabledBecause: null, failures: 0, failingSince: null, pausedUntil: null } as const)
    : ({ enabled, disabledBecause: 'operator' } as const);
};

/** Without members that were left out. */
const given = (members: object): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** The current values of what an operator may change. */
const fieldsOf = ({ url, events, enabled }: Webhook) => ({ url, events, enabled });
type WebhookFields = ReturnType<typeof fieldsOf>;

/**
 * Only what the edit changes. The rest is not written back as it was read: housekeeping may switch the webhook off in the meantime,
 * which does not count as an edit.
 */
const changed = (before: WebhookFields, after: WebhookFields): Partial<WebhookFields> =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, before[name as keyof WebhookFields])),
  );

/**
 * Merges the change with what others have changed since, and writes it.
 * @throws Problem `not-found`, `invalid-option`, `changed-meanwhile`, naming what somebody else changed
 */
export const editWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string, { base, ...wanted }: WebhookChange): Promise<WebhookView> => {
    const asSeen = await ownWebhook(ports, operator, webhookId);
    const change = given(wanted);
    // A switch that is sent as it was loaded is not a change.
    const newSwitch = wanted.enabled === base?.enabled ? undefined : wanted.enabled;
    // An edit that changes nothing is not recorded.
    if (Object.keys(change).length === 0) return viewOf(asSeen, ports.clock());
    const editOnce = async (): Promise<boolean> => {
      const webhook = await ownWebhook(ports, operator, webhookId);
      const before = fieldsOf(webhook);
      const after = mergeEdit(before, webhook.edits, { change, base: given(base), pointer: '#' }) as WebhookFields;
      const edits = editsAfter(webhook.edits, before, after, { by: nameOf(operator), at: ports.clock() });
      if (edits === null) return true;
      return ports.webhooks.edit(webhook, { ...changed(before, after), ...switched(newSwitch), edits });
    };
    const detail = `${webhookId} ${Object.keys(change).sort().join(', ')}`.slice(0, 200);
    await underAudit(ports, operator, { act: 'webhook-changed', detail }, async () => {
      if (wanted.url !== undefined) checkUrl(ports, wanted.url);
      await untilWritten(editOnce);
    });
    return viewOf(await ownWebhook(ports, operator, webhookId), ports.clock());
  };

/**
 * Creates a new secret; both sign until the overlap is over, and none that is in use ends unless it is named.
 * @throws Problem `not-found`, `already-rotated`, `secret-in-overlap`
 */
export const rotateWebhookSecret =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string, rotation: Rotation): Promise<WebhookSecretShownOnce> => {
    const webhook = await ownWebhook(ports, operator, webhookId);
    const [secret, now] = [randomBytes(SECRET_BYTES), ports.clock()];
    const act = { act: 'webhook-secret-rotated', detail: `${webhookId} ${describeRotation(rotation)}` } as const;
    await underAudit(ports, operator, act, async () => {
      const before = secretsBeside(webhook.secrets, usesOf(webhook), rotation, now);
      const generation = rotation.generation + 1;
      const wrapped = await ports.webhookSecrets.seal(webhookId, generation, secret);
      const secrets = [...before, { generation, wrapped, endsAt: null, since: now }];
      const isWritten = await ports.webhooks.change(webhook, { secrets });
      if (!isWritten) throw new Problem('already-rotated', 'another rotation was faster');
    });
    return { webhookId, secret: writeSecret(secret) };
  };

/** Has a test event sent within a minute, also to a webhook that is paused or off. @throws Problem `not-found` */
export const testWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string): Promise<void> => {
    const webhook = await ownWebhook(ports, operator, webhookId);
    const now = ports.clock();
    await underAudit(ports, operator, { act: 'webhook-tested', detail: webhookId }, () =>
      ports.jobs.add(testDelivery(webhook, now), now),
    );
  };

/** @throws Problem `not-found` */
export const deleteWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string): Promise<void> => {
    await ownWebhook(ports, operator, webhookId);
    await underAudit(ports, operator, { act: 'webhook-deleted', detail: webhookId }, () =>
      ports.webhooks.remove(operator.accountId, webhookId),
    );
  };
