import { randomBytes, randomUUID } from 'node:crypto';
import type {
  NewWebhook,
  WebhookChange,
  WebhookSecretShownOnce,
  WebhookView,
} from '../../../contract/api/portal/webhooks.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DueWorkQueue } from '../due-work.ts';
import { Problem } from '../problem.ts';
import type { Destinations } from '../webhooks/destination.ts';
import { testDelivery } from '../webhooks/event.ts';
import { writeSecret } from '../webhooks/sign.ts';
import { liveSecrets, type Webhook, type WebhookSecretVault, type Webhooks } from '../webhooks/webhook.ts';
import { type AuditPorts, noteAct } from './audit.ts';
import type { Operator } from './operator.ts';

export interface PortalWebhookPorts extends AuditPorts {
  readonly webhooks: Webhooks;
  readonly webhookSecrets: Pick<WebhookSecretVault, 'seal'>;
  readonly destinations: Destinations;
  readonly dueWork: Pick<DueWorkQueue, 'add'>;
}

const MAX_WEBHOOKS = 10;
const SECRET_BYTES = 32;

const viewOf = (webhook: Webhook, now: EpochSeconds): WebhookView => {
  const { accountId: _account, secrets: _secrets, failures: _failures, ...view } = webhook;
  return {
    ...view,
    events: [...view.events],
    attempts: [...view.attempts],
    secrets: liveSecrets(webhook, now).map(({ generation, endsAt }) => ({ generation, endsAt })),
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

const checkChanged = (isChanged: boolean): void => {
  if (!isChanged) throw new Problem('changed-meanwhile', 'the webhook moved');
};

/** Newest first. */
export const listWebhooks =
  (ports: PortalWebhookPorts) =>
  async ({ accountId }: Operator): Promise<readonly WebhookView[]> => {
    const webhooks = await ports.webhooks.list(accountId);
    return webhooks.map((webhook) => viewOf(webhook, ports.clock())).sort((a, b) => b.createdAt - a.createdAt);
  };

/** Makes a webhook; its secret is in this answer and nowhere else. @throws Problem `invalid-option`, `too-many` above 10 */
export const addWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, { url, events }: NewWebhook): Promise<WebhookSecretShownOnce> => {
    checkUrl(ports, url);
    const { accountId } = operator;
    if ((await ports.webhooks.list(accountId)).length >= MAX_WEBHOOKS) throw new Problem('too-many', 'webhooks');
    const webhookId = `wh_${randomUUID().replaceAll('-', '')}`;
    await noteAct(ports, operator, 'webhook-created', { detail: `${webhookId} ${new URL(url).hostname}` });
    const secret = randomBytes(SECRET_BYTES);
    const wrapped = await ports.webhookSecrets.seal(webhookId, 1, secret);
    await ports.webhooks.create({
      webhookId,
      accountId,
      url,
      events,
      enabled: true,
      disabledBecause: null,
      createdAt: ports.clock(),
      secrets: [{ generation: 1, wrapped, endsAt: null }],
      failures: 0,
      failingSince: null,
      pausedUntil: null,
      attempts: [],
    });
    return { webhookId, secret: writeSecret(secret) };
  };

/** Switched on, a webhook begins anew: no pause and no failures. */
const switched = (enabled: boolean | undefined) => {
  if (enabled === undefined) return {};
  return enabled
    ? ({ enabled, disabledBecause: null, failures: 0, failingSince: null, pausedUntil: null } as const)
    : ({ enabled, disabledBecause: 'operator' } as const);
};

/** Changes what is given; a change of nothing is no act. @throws Problem `not-found`, `invalid-option`, `changed-meanwhile` */
export const editWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string, { url, events, enabled }: WebhookChange): Promise<WebhookView> => {
    const webhook = await ownWebhook(ports, operator, webhookId);
    if (url === undefined && events === undefined && enabled === undefined) return viewOf(webhook, ports.clock());
    if (url !== undefined) checkUrl(ports, url);
    const change = {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...switched(enabled),
    };
    const detail = `${webhookId} ${Object.keys(change).sort().join(', ')}`.slice(0, 200);
    await noteAct(ports, operator, 'webhook-changed', { detail });
    checkChanged(await ports.webhooks.change(webhook, change));
    return viewOf(await ownWebhook(ports, operator, webhookId), ports.clock());
  };

/** Makes a new secret; both sign until the overlap is over. @throws Problem `not-found`, `changed-meanwhile` */
export const rotateWebhookSecret =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string, overlapSeconds: number): Promise<WebhookSecretShownOnce> => {
    const webhook = await ownWebhook(ports, operator, webhookId);
    await noteAct(ports, operator, 'webhook-secret-rotated', { detail: `${webhookId} overlap ${overlapSeconds} s` });
    const newest = Math.max(...webhook.secrets.map(({ generation }) => generation));
    const secret = randomBytes(SECRET_BYTES);
    const wrapped = await ports.webhookSecrets.seal(webhookId, newest + 1, secret);
    const endsAt = addSeconds(ports.clock(), overlapSeconds);
    const before = webhook.secrets
      .filter(({ generation }) => generation === newest && overlapSeconds > 0)
      .map((old) => ({ ...old, endsAt }));
    const secrets = [...before, { generation: newest + 1, wrapped, endsAt: null }];
    checkChanged(await ports.webhooks.change(webhook, { secrets }));
    return { webhookId, secret: writeSecret(secret) };
  };

/** Has a test event sent within a minute, also to a webhook that is paused or off. @throws Problem `not-found` */
export const testWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string): Promise<void> => {
    const webhook = await ownWebhook(ports, operator, webhookId);
    await noteAct(ports, operator, 'webhook-tested', { detail: webhookId });
    const now = ports.clock();
    await ports.dueWork.add(testDelivery(webhook, now), now);
  };

/** @throws Problem `not-found` */
export const deleteWebhook =
  (ports: PortalWebhookPorts) =>
  async (operator: Operator, webhookId: string): Promise<void> => {
    await ownWebhook(ports, operator, webhookId);
    await noteAct(ports, operator, 'webhook-deleted', { detail: webhookId });
    await ports.webhooks.remove(operator.accountId, webhookId);
  };
