import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WebhookSecretShownOnce, WebhookView } from '../../../contract/api/portal/webhooks.ts';
import { dayOf } from '../../../lambdas/core/model/job.ts';
import type { Delivered, WebhookSender } from '../../../lambdas/core/webhooks/deliver.ts';
import { rowsOf } from '../../support/inspect.ts';
import { createPortal, type Portal, withIntegration } from '../portal/portal-world.ts';

const FORMER = 'user.enrolment_required';
const CURRENT = 'user.enrollment_required';
/** The names that release 0.1 knows: it cannot read a row with any other. */
const NAMES_OF_0_1 = [
  'user.enrolled',
  'user.verified',
  'user.locked',
  'user.unlocked',
  'user.reported',
  FORMER,
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'integration.disabled',
  'key.created',
  'webhook.test',
];

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

const DELIVERED: Delivered = { outcome: 'delivered', status: 204 };
let sent: { url: string; id: string | undefined; type: string; body: string }[] = [];
let next = DELIVERED;
const webhookSender: WebhookSender = {
  send: async ({ url, headers, body }) => {
    sent.push({ url, id: headers['webhook-id'], type: JSON.parse(body).type, body });
    return next;
  },
};
const housekeep = async () => {
  while ((await portal.world.housekeep({ webhookSender })) > 0);
};
beforeEach(async () => {
  next = DELIVERED;
  await housekeep();
  sent = [];
});

let count = 0;
const newOwner = async () => {
  count += 1;
  const owner = `renamed-${count}`;
  const { accountId } = (await portal.found(owner)).account;
  const integration = await withIntegration(portal, owner);
  const newWebhook = async (events: readonly string[]) => {
    const url = `https://hooks.example.com/${count}/${events.length}/${events.at(-1)}`;
    const { status, body } = await portal.call(owner, 'portalAddWebhook', { body: { url, events } });
    expect(status).toBe(200);
    const { webhookId } = body as WebhookSecretShownOnce;
    const view = async (): Promise<WebhookView> => {
      const { body: list } = await portal.call(owner, 'portalWebhooks');
      const found = (list as { webhooks: readonly WebhookView[] }).webhooks.find((one) => one.webhookId === webhookId);
      if (found === undefined) throw new Error('no such webhook');
      return found;
    };
    return { url, webhookId, path: { webhookId }, view };
  };
  const requireEnrollment = async () => {
    const target = { integrationId: integration.integrationId, externalId: portal.world.newExternalId() };
    await portal.call(owner, 'portalInviteUser', { body: target });
    const body = { ...target, reason: 'another person', withinHours: 1 };
    expect((await portal.call(owner, 'portalRequireEnrollment', { body })).status).toBe(200);
    return target;
  };
  const rows = async () =>
    (await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE')).filter(
      (row) => row['accountId'] === accountId && String(row['itemKey']).startsWith('webhook#'),
    );
  return { owner, accountId, integration, newWebhook, requireEnrollment, rows };
};

describe('an event that was renamed', () => {
  test.each([
    [[FORMER], FORMER],
    [[CURRENT], CURRENT],
    [[FORMER, CURRENT], CURRENT],
    [[CURRENT, 'user.deleted', FORMER], CURRENT],
  ])('reaches a webhook that lists %j once, as %s', async (events, name) => {
    const { newWebhook, requireEnrollment } = await newOwner();
    const { url, view } = await newWebhook(events);
    const target = await requireEnrollment();
    await housekeep();
    expect(sent.map(({ url, type }) => [url, type])).toEqual([[url, name]]);
    expect(JSON.parse(sent[0]?.body ?? '').data).toEqual({ ...target, until: portal.world.now() + 3600 });
    const { events: shown, attempts } = await view();
    expect(attempts.map(({ type }) => type)).toEqual([name]);
    expect(shown.filter((each) => each === FORMER || each === CURRENT)).toEqual([name]);
  });

  test('reaches two webhooks of an account, each by the name that it lists', async () => {
    const { newWebhook, requireEnrollment } = await newOwner();
    const [one, other] = [await newWebhook([FORMER]), await newWebhook(['user.deleted', CURRENT])];
    await requireEnrollment();
    await housekeep();
    expect(new Map(sent.map(({ url, type }) => [url, type]))).toEqual(
      new Map([
        [one.url, FORMER],
        [other.url, CURRENT],
      ]),
    );
  });

  test('keeps its former name until somebody lists the new one; what was sent before stays on record unchanged', async () => {
    const { owner, newWebhook, requireEnrollment } = await newOwner();
    const { path, view } = await newWebhook([FORMER, 'user.deleted']);
    await requireEnrollment();
    await housekeep();
    const rename = (events: readonly string[], base: readonly string[]) =>
      portal.call(owner, 'portalEditWebhook', { path, body: { events, base: { events: base } } });
    const before = (await view()).events;
    expect((await rename([CURRENT, 'user.deleted'], before)).body).toMatchObject({ events: [CURRENT, 'user.deleted'] });
    // A form that was loaded before does not silently revert it.
    expect((await rename(['user.deleted'], before)).status).toBe(409);
    portal.world.advance(1);
    await requireEnrollment();
    await housekeep();
    expect(sent.map(({ type }) => type)).toEqual([FORMER, CURRENT]);
    expect((await view()).attempts.map(({ type }) => type)).toEqual([CURRENT, FORMER]);
    await rename([FORMER], [CURRENT, 'user.deleted']);
    expect((await view()).events).toEqual([FORMER]);
  });

  test('keeps the name under which it was first sent when it is tried again', async () => {
    const { owner, newWebhook, requireEnrollment } = await newOwner();
    const { path, view } = await newWebhook([FORMER]);
    next = { outcome: 'refused', status: 503 };
    await requireEnrollment();
    await housekeep();
    await portal.call(owner, 'portalEditWebhook', { path, body: { events: [CURRENT] } });
    portal.world.advance(60);
    next = DELIVERED;
    await housekeep();
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect((await view()).attempts.map(({ type }) => type)).toEqual([FORMER, FORMER]);
  });

  test('is listed at most once under each of its names', async () => {
    const { owner } = await newOwner();
    const body = { url: 'https://hooks.example.com/twice', events: [CURRENT, CURRENT] };
    expect((await portal.call(owner, 'portalAddWebhook', { body })).status).toBe(400);
  });
});

describe('while two releases run', () => {
  test('rows hold no name of an event that release 0.1 cannot read', async () => {
    const { newWebhook, requireEnrollment, rows } = await newOwner();
    await newWebhook([CURRENT]);
    await newWebhook(['user.deleted', FORMER, CURRENT]);
    next = { outcome: 'refused', status: 503 };
    await requireEnrollment();
    const queued = async () =>
      (await rowsOf(portal.world, 'DUE_WORK_TABLE')).flatMap(({ work }) => {
        const { type } = (work ?? {}) as { type?: string };
        return type === undefined ? [] : [type];
      });
    expect(await queued()).toContain(FORMER);
    // Turned into deliveries, which are sent once and wait to be sent again.
    await housekeep();
    expect(sent.map(({ type }) => type)).toEqual([CURRENT, CURRENT]);
    expect(await queued()).toContain(FORMER);
    for (const type of await queued()) expect(NAMES_OF_0_1).toContain(type);
    const webhooks = (await rows()) as { events: string[]; attempts: { type: string }[] }[];
    expect(webhooks).toHaveLength(2);
    for (const { events, attempts } of webhooks) {
      expect(events.filter((name) => name === FORMER)).toHaveLength(1);
      expect(attempts).toHaveLength(1);
      for (const name of [...events, ...attempts.map(({ type }) => type)]) expect(NAMES_OF_0_1).toContain(name);
    }
  });

  test('a webhook that release 0.1 wrote keeps working under the name that it lists', async () => {
    const { newWebhook, requireEnrollment, rows } = await newOwner();
    const { view } = await newWebhook([FORMER]);
    const [{ renamedEvents: _events, renamedAttempts: _attempts, ...row } = {}] = await rows();
    await portal.world.putRow('ACCOUNT_ITEM_TABLE', { ...row, events: [FORMER] });
    expect((await view()).events).toEqual([FORMER]);
    await requireEnrollment();
    await housekeep();
    expect(sent.map(({ type }) => type)).toEqual([FORMER]);
  });

  const queue = (work: object, workId: string) =>
    portal.world.documents.send(
      new PutCommand({
        TableName: portal.world.tables.DUE_WORK_TABLE,
        Item: {
          dueDay: `${'body' in work ? 'delivery#' : 'event#'}${dayOf(portal.world.now())}`,
          dueKey: `${portal.world.now()}#${workId}`,
          dueAt: portal.world.now(),
          workId,
          failures: 0,
          work,
        },
      }),
    );

  test.each([FORMER, CURRENT])(
    'an event that waits as %s is sent to each webhook under the name it lists',
    async (type) => {
      const { accountId, newWebhook, integration } = await newOwner();
      const [one, other] = [await newWebhook([FORMER]), await newWebhook(['user.deleted', CURRENT])];
      const about = { accountId, integrationId: integration.integrationId, externalId: 'auth0|1' };
      const at = portal.world.now();
      await queue({ kind: 'event', eventId: `evt_${type}`, type, at, ...about, detail: { until: at + 60 } }, type);
      await housekeep();
      expect(new Map(sent.map(({ url, type: sentAs }) => [url, sentAs]))).toEqual(
        new Map([
          [one.url, FORMER],
          [other.url, CURRENT],
        ]),
      );
      for (const { id, body } of sent) {
        expect(id).toBe(`evt_${type}`);
        expect(JSON.parse(body).data).toEqual({
          integrationId: about.integrationId,
          externalId: about.externalId,
          until: at + 60,
        });
      }
    },
  );

  test('a delivery that release 0.1 created is sent unchanged', async () => {
    const { accountId, newWebhook } = await newOwner();
    const { webhookId, view } = await newWebhook([FORMER]);
    const at = portal.world.now();
    const body = JSON.stringify({ type: FORMER, timestamp: new Date(at * 1000).toISOString(), data: { until: at } });
    await queue({ kind: 'webhook-delivery', accountId, webhookId, eventId: 'evt_a', type: FORMER, at, body }, 'queued');
    await housekeep();
    expect(sent.map((one) => one.body)).toEqual([body]);
    expect((await view()).attempts.map(({ type }) => type)).toEqual([FORMER]);
  });
});
