import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook as Library } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebhookSecretShownOnce, WebhookView } from '../../../contract/api/portal/webhooks.ts';
import type { DeliveryJob } from '../../../lambdas/core/model/webhook.ts';
import type { Delivered, WebhookSender } from '../../../lambdas/core/webhooks/deliver.ts';
import { rowsOf } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { createPortal, type Portal, withIntegration } from '../portal/portal-world.ts';

type Sent = Parameters<WebhookSender['send']>[0];

let portal: Portal;
beforeAll(async () => {
  portal = await createPortal();
});
afterAll(() => portal.world.close());

/** A receiver with a configurable answer; the sender itself has tests of its own. */
let sent: Sent[] = [];
let next: Delivered = { outcome: 'delivered', status: 204 };
const webhookSender: WebhookSender = {
  send: async (request) => {
    sent.push(request);
    return next;
  },
};
const DOWN: Delivered = { outcome: 'refused', status: 503 };
beforeEach(async () => {
  next = { outcome: 'delivered', status: 204 };
  await housekeep();
  sent = [];
});
/** Runs until nothing is due: an event becomes its deliveries in one run and may be sent in the next. */
const housekeep = async () => {
  while ((await portal.world.housekeep({ webhookSender })) > 0);
};

let count = 0;
const newWebhook = async (events: readonly string[] = ['key.created'], of?: string) => {
  count += 1;
  const owner = of ?? `owner-${count}`;
  await portal.found(owner);
  const body = { url: `https://hooks.example.com/${count}`, events };
  const answer = await portal.call(owner, 'portalAddWebhook', { body });
  expect(answer.status).toBe(200);
  const { webhookId, secret } = answer.body as WebhookSecretShownOnce;
  const path = { webhookId };
  const view = async (): Promise<WebhookView> => {
    const { body: list } = await portal.call(owner, 'portalWebhooks');
    const { webhooks } = list as { webhooks: readonly WebhookView[] };
    return webhooks.find((each) => each.webhookId === webhookId) as WebhookView;
  };
  const makeKey = () => portal.call(owner, 'portalAddApiKey', { body: { name: 'Key', scopes: ['users:read'] } });
  const testIt = () => portal.call(owner, 'portalTestWebhook', { path });
  return { owner, webhookId, path, secret, view, makeKey, testIt, url: body.url };
};

/** Verifies as a receiver does, at the world's time. */
const verify = (secret: string, { headers, body }: Sent): unknown => {
  vi.useFakeTimers({ toFake: ['Date'], now: portal.world.now() * 1000 });
  try {
    return new Library(secret).verify(body, { ...headers });
  } finally {
    vi.useRealTimers();
  }
};

describe('an event', () => {
  test('reaches the webhooks of the account that want it, signed so that the reference library accepts it', async () => {
    const subscribed = await newWebhook();
    const other = await newWebhook(['user.deleted']);
    await subscribed.makeKey();
    await other.makeKey();
    await housekeep();
    expect(sent.map(({ url }) => url)).toEqual([subscribed.url]);
    expect(subscribed.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(verify(subscribed.secret, sent[0] as Sent)).toEqual({
      type: 'key.created',
      timestamp: new Date(portal.world.now() * 1000).toISOString(),
      data: { keyId: expect.stringMatching(/^[0-9A-Za-z]{16}$/), scopes: 'users:read' },
    });
    expect(() => verify(other.secret, sent[0] as Sent)).toThrow();
    expect((await subscribed.view()).attempts).toMatchObject([
      { type: 'key.created', outcome: 'delivered', status: 204, at: portal.world.now() },
    ]);
  });

  test('is written in the same transaction as what it reports: no key without it', async () => {
    const { makeKey } = await newWebhook();
    const before = (await rowsOf(portal.world, 'DUE_WORK_TABLE')).length;
    await makeKey();
    expect(await rowsOf(portal.world, 'DUE_WORK_TABLE')).toHaveLength(before + 1);
  });

  test('of a user is sent when they enroll, are locked, say "Not me" and are deleted, each once; a verification has none', async () => {
    const events = ['user.enrolled', 'user.locked', 'user.reported', 'user.deleted'];
    const { owner } = await newWebhook(events);
    const { world } = portal;
    const one = await withIntegration(portal, owner);
    const externalId = world.newExternalId();
    await enroll(world, one, externalId);
    await (await openLogin(world, one, externalId)).attempt(world, 'verify');
    await (await openLogin(world, one, externalId)).send('endSession', { reason: 'reported' });
    for (let login = 0; login < 3; login += 1) {
      const browser = await openLogin(world, one, externalId);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    }
    const target = { integrationId: one.integrationId, externalId };
    await portal.call(owner, 'portalDeleteUser', { body: target });
    await housekeep();
    const bodies = sent.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
    expect(bodies.map(({ type }) => type).sort()).toEqual([...events].sort());
    for (const { data } of bodies) expect(data).toMatchObject(target);
    expect(bodies.find(({ type }) => type === 'user.locked')?.data['lockedUntil']).toBe(world.now() + 1800);
    // T43: only ids and times.
    const names = new Set(bodies.flatMap(({ data }) => Object.keys(data)));
    expect([...names].sort()).toEqual(['externalId', 'integrationId', 'lockedUntil', 'supportId']);
  });

  test('of a verification is sent if the integration has such events on, to the webhook that lists them', async () => {
    const { owner } = await newWebhook(['user.verified']);
    await newWebhook(['user.enrolled'], owner);
    const { world } = portal;
    const one = await withIntegration(portal, owner);
    const externalId = world.newExternalId();
    const verify = async () => {
      const browser = await openLogin(world, one, externalId);
      await browser.attempt(world, 'verify', { confidence: 93.1 });
      return (await browser.view()).supportId;
    };
    await enroll(world, one, externalId);
    await verify();
    await housekeep();
    expect(sent.map(({ body }) => JSON.parse(body).type)).toEqual(['user.enrolled']);
    await portal.call(owner, 'portalEditIntegration', {
      path: one.path,
      body: { options: { verificationEvents: true } },
    });
    const supportId = await verify();
    await (await openLogin(world, one, externalId)).attempt(world, 'verify', { person: 'eve' });
    await housekeep();
    // T43: only ids and times; a face that did not match is not a verification.
    expect(sent.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'user.verified',
        timestamp: new Date(world.now() * 1000).toISOString(),
        data: { integrationId: one.integrationId, externalId, supportId },
      },
    ]);
  });

  test('of an operator’s change to a user is sent once for each change, without the reason', async () => {
    const events = ['user.unlocked', 'user.disabled', 'user.enabled', 'user.enrollment_required'];
    const { owner } = await newWebhook(events);
    const { world } = portal;
    const one = await withIntegration(portal, owner);
    const externalId = world.newExternalId();
    const target = { integrationId: one.integrationId, externalId };
    const reason = 'seen at the counter';
    await enroll(world, one, externalId);
    await portal.call(owner, 'portalUnlockUser', { body: target });
    for (let login = 0; login < 2; login += 1) {
      const browser = await openLogin(world, one, externalId);
      for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { person: 'eve' });
    }
    await portal.call(owner, 'portalUnlockUser', { body: target });
    for (const name of ['Disable', 'Disable', 'Enable', 'Enable'] as const) {
      const { status } = await portal.call(owner, `portal${name}User`, { body: { ...target, reason } });
      expect(status).toBe(200);
    }
    await portal.call(owner, 'portalRequireEnrollment', { body: { ...target, reason, withinHours: 1 } });
    await housekeep();
    const bodies = sent.map(({ body }) => JSON.parse(body) as { type: string; data: object });
    expect(bodies.map(({ type }) => type).sort()).toEqual([...events].sort());
    for (const { type, data } of bodies) {
      const until = type === 'user.enrollment_required' ? { until: world.now() + 3600 } : {};
      expect(data).toEqual({ ...target, ...until });
    }
  });

  test('that an integration was switched off is sent once, and not if it was off already', async () => {
    const { owner } = await newWebhook(['integration.disabled']);
    const { path, integrationId } = await withIntegration(portal, owner);
    const edit = (options: object) => portal.call(owner, 'portalEditIntegration', { path, body: { options } });
    await edit({ enabled: false });
    await edit({ enabled: false, name: 'Another' });
    await edit({ enabled: true });
    await housekeep();
    expect(sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'integration.disabled', data: { integrationId } },
    ]);
  });

  test('T71 holds no key, and the queue holds none either', async () => {
    const { makeKey } = await newWebhook();
    const { body } = await makeKey();
    const { apiKey } = body as { apiKey: string };
    expect(JSON.stringify(await rowsOf(portal.world, 'DUE_WORK_TABLE')).includes(apiKey.slice(25))).toBe(false);
    await housekeep();
    expect(sent[0]?.body.includes(apiKey.slice(25))).toBe(false);
  });
});

describe('a recorded delivery', () => {
  test('is refused after minutes, with another body and under another id', async () => {
    const { secret, makeKey } = await newWebhook();
    await makeKey();
    await housekeep();
    const one = sent[0] as Sent;
    expect(() => verify(secret, { ...one, body: one.body.replace('users:read', 'users:none') })).toThrow();
    expect(() => verify(secret, { ...one, headers: { ...one.headers, 'webhook-id': 'evt_other' } })).toThrow();
    portal.world.advance(301);
    expect(() => verify(secret, one)).toThrow();
  });

  test('is refused by the code of docs/webhooks.md too, which accepts the original', async () => {
    const docs = await readFile(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
    const folder = await mkdtemp(join(tmpdir(), 'verified-snippet-'));
    try {
      const file = join(folder, 'verify.mjs');
      await writeFile(file, /```js\n([\s\S]+?)```/.exec(docs)?.[1] ?? '');
      const { isFromVerified } = await import(file);
      const { secret, makeKey } = await newWebhook();
      await makeKey();
      await housekeep();
      const { headers, body } = sent[0] as Sent;
      const now = portal.world.now();
      expect(isFromVerified(secret, headers, body, now)).toBe(true);
      expect(isFromVerified(secret, headers, Buffer.from(body), now + 300)).toBe(true);
      expect(isFromVerified(secret, headers, body, now + 301)).toBe(false);
      expect(isFromVerified(secret, headers, `${body} `, now)).toBe(false);
      expect(isFromVerified((await newWebhook()).secret, headers, body, now)).toBe(false);
      expect(isFromVerified(secret, { ...headers, 'webhook-signature': 'v1,' }, body, now)).toBe(false);
      expect(isFromVerified(secret, { ...headers, 'webhook-timestamp': 'soon' }, body, now)).toBe(false);
      expect(isFromVerified(secret, {}, body, now)).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a new secret', () => {
  test('T13 signs together with the old one until the overlap is over, then alone', async () => {
    const { owner, path, secret, makeKey, view } = await newWebhook();
    const { body } = await portal.call(owner, 'portalRotateWebhookSecret', {
      path,
      body: { generation: 1, overlapSeconds: 3600 },
    });
    const renewed = (body as WebhookSecretShownOnce).secret;
    const now = portal.world.now();
    expect((await view()).secrets).toEqual([
      { generation: 2, since: now, endsAt: null, lastUsedAt: null },
      { generation: 1, since: now, endsAt: now + 3600, lastUsedAt: null },
    ]);
    await makeKey();
    await housekeep();
    for (const each of [secret, renewed]) expect(verify(each, sent[0] as Sent)).toBeDefined();
    portal.world.advance(3600);
    await makeKey();
    await housekeep();
    expect(verify(renewed, sent[1] as Sent)).toBeDefined();
    expect(() => verify(secret, sent[1] as Sent)).toThrow();
  });

  test('T15 is shown once; neither the store nor a later answer holds it', async () => {
    const { secret, view } = await newWebhook();
    const raw = Buffer.from(secret.slice(6), 'base64');
    const text = JSON.stringify([await rowsOf(portal.world, 'ACCOUNT_ITEM_TABLE'), await view()]);
    for (const form of [raw.toString('base64'), raw.toString('hex'), raw.toString('base64url')]) {
      expect(text.includes(form.slice(0, 40))).toBe(false);
    }
  });
});

describe('a receiver that fails', () => {
  test('is tried again with the same id and a fresh signature after 1, 5 and 15 minutes, then every hour', async () => {
    const { secret, makeKey, view } = await newWebhook();
    next = DOWN;
    await makeKey();
    await housekeep();
    for (const [index, wait] of [60, 300, 900, 3600, 3600].entries()) {
      expect((await view()).pausedUntil).toBe(portal.world.now() + wait);
      portal.world.advance(wait - 1);
      await housekeep();
      expect(sent).toHaveLength(index + 1);
      portal.world.advance(1);
      await housekeep();
      expect(sent).toHaveLength(index + 2);
    }
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    next = { outcome: 'delivered', status: 200 };
    portal.world.advance(3600);
    await housekeep();
    expect(verify(secret, sent.at(-1) as Sent)).toMatchObject({ type: 'key.created' });
    expect(await view()).toMatchObject({ failingSince: null, pausedUntil: null, enabled: true });
    portal.world.advance(86_400);
    await housekeep();
    expect(sent).toHaveLength(7);
  });

  test('costs one attempt at a time, however many deliveries wait for it, and delays no other', async () => {
    const dead = await newWebhook();
    const other = await newWebhook();
    next = DOWN;
    for (let keys = 0; keys < 5; keys += 1) await dead.makeKey();
    await housekeep();
    expect(sent).toHaveLength(1);
    next = { outcome: 'delivered', status: 200 };
    await other.makeKey();
    await housekeep();
    expect(sent.at(-1)?.url).toBe(other.url);
    portal.world.advance(60);
    await housekeep();
    expect(sent.filter(({ url }) => url === dead.url)).toHaveLength(6);
  });

  test('is switched off after three days, with an event, gets nothing more, and starts fresh when switched on', async () => {
    const { owner, path, makeKey, view } = await newWebhook();
    next = DOWN;
    await makeKey();
    for (let hours = 0; hours <= 3 * 24; hours += 1) {
      await housekeep();
      portal.world.advance(3600);
    }
    await housekeep();
    expect(await view()).toMatchObject({ enabled: false, disabledBecause: 'failing' });
    expect((await view()).attempts).toHaveLength(20);
    expect(portal.world.log).toContainEqual({ code: 'webhook-switched-off', fields: { because: 'failing' } });
    sent = [];
    await makeKey();
    await housekeep();
    expect(sent).toEqual([]);
    next = { outcome: 'delivered', status: 200 };
    await portal.call(owner, 'portalEditWebhook', { path, body: { enabled: true } });
    expect(await view()).toMatchObject({ enabled: true, disabledBecause: null, failingSince: null });
    await makeKey();
    await housekeep();
    expect(sent).toHaveLength(1);
  });

  test('that says it is gone is switched off immediately', async () => {
    const { makeKey, view } = await newWebhook();
    next = { outcome: 'refused', status: 410 };
    await makeKey();
    await housekeep();
    expect(await view()).toMatchObject({ enabled: false, disabledBecause: 'gone' });
  });

  test('does not undo what an operator switched during the attempt', async () => {
    const { owner, path, makeKey, view } = await newWebhook();
    await makeKey();
    const slow: WebhookSender = {
      send: async () => {
        await portal.call(owner, 'portalEditWebhook', { path, body: { enabled: false } });
        return DOWN;
      },
    };
    while ((await portal.world.housekeep({ webhookSender: slow })) > 0);
    expect(await view()).toMatchObject({ enabled: false, disabledBecause: 'operator' });
  });

  test('slowly does not use up housekeeping’s time: its other deliveries wait for a later run', async () => {
    const { makeKey, webhookId } = await newWebhook();
    for (let keys = 0; keys < 4; keys += 1) await makeKey();
    let attempts = 0;
    const slow: WebhookSender = {
      send: async () => {
        attempts += 1;
        portal.world.advance(13);
        return { outcome: 'delivered', status: 200 };
      },
    };
    await portal.world.housekeep({ webhookSender: slow });
    expect(attempts).toBeLessThanOrEqual(2);
    const waiting = (await rowsOf(portal.world, 'DUE_WORK_TABLE')).filter(
      ({ work }) => (work as DeliveryJob | undefined)?.webhookId === webhookId,
    );
    expect(waiting.length + attempts).toBe(4);
    portal.world.advance(120);
    await housekeep();
    expect(sent).toHaveLength(4 - attempts);
  });
});

describe('a test event', () => {
  test('is also sent to a webhook that is paused or off, and ends the pause when it is accepted', async () => {
    const { owner, path, secret, makeKey, testIt, view } = await newWebhook();
    next = DOWN;
    await makeKey();
    await housekeep();
    await testIt();
    next = { outcome: 'delivered', status: 200 };
    await housekeep();
    expect(verify(secret, sent[1] as Sent)).toMatchObject({ type: 'webhook.test', data: path });
    expect(await view()).toMatchObject({ pausedUntil: null });
    await portal.call(owner, 'portalEditWebhook', { path, body: { enabled: false } });
    await testIt();
    await housekeep();
    expect((await view()).attempts[0]).toMatchObject({ type: 'webhook.test', outcome: 'delivered' });
  });

  test('is tried only once', async () => {
    const { testIt } = await newWebhook();
    next = DOWN;
    await testIt();
    await housekeep();
    portal.world.advance(7200);
    await housekeep();
    expect(sent).toHaveLength(1);
  });
});

describe('the portal', () => {
  test.each([
    ['T63 an internal address', { url: 'https://127.0.0.1/', events: ['user.enrolled'] }],
    ['T63 plain HTTP', { url: 'http://hooks.example.com/', events: ['user.enrolled'] }],
    ['no event', { url: 'https://hooks.example.com/', events: [] }],
    ['an unknown event', { url: 'https://hooks.example.com/', events: ['user.scored'] }],
    ['a member of its own', { url: 'https://hooks.example.com/', events: ['user.enrolled'], enabled: true }],
  ])('creates no webhook with %s', async (_name, body) => {
    await portal.found('wilma');
    expect((await portal.call('wilma', 'portalAddWebhook', { body })).status).toBe(400);
  });

  test('T63 does not change one to an internal address either, and names the field', async () => {
    const { owner, path } = await newWebhook();
    const answer = await portal.call(owner, 'portalEditWebhook', { path, body: { url: 'https://localhost/' } });
    expect(answer.body).toMatchObject({ code: 'invalid-option', errors: [{ pointer: '#/url' }] });
  });

  test('T68 neither shows nor changes a foreign webhook', async () => {
    await portal.found('mallory');
    const { path, view } = await newWebhook();
    const before = await view();
    const calls = [
      portal.call('mallory', 'portalEditWebhook', { path, body: { enabled: false } }),
      portal.call('mallory', 'portalRotateWebhookSecret', { path, body: { generation: 1, overlapSeconds: 0 } }),
      portal.call('mallory', 'portalTestWebhook', { path }),
      portal.call('mallory', 'portalDeleteWebhook', { path }),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await portal.call('mallory', 'portalWebhooks')).body).toEqual({ webhooks: [] });
    expect(await view()).toEqual(before);
  });

  test('deletes one: nothing is sent any more, not even waiting deliveries', async () => {
    const { owner, path, makeKey } = await newWebhook();
    await makeKey();
    expect((await portal.call(owner, 'portalDeleteWebhook', { path })).status).toBe(204);
    await housekeep();
    expect(sent).toEqual([]);
  });
});
