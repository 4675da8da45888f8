import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../support/inspect.ts';
import { enroll, openLogin } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('T16 T34 the page learns who asks, for which app and account, before any camera', async () => {
  const integration = await world.newIntegration();
  const view = await (await openLogin(world, integration, world.newExternalId())).view();
  expect(view).toMatchObject({
    branding: { displayName: 'Harbour Bank', supportUrl: null, accentColor: null },
    app: 'Harbour Bank',
    account: 'a•••@example.com',
    challenge: 'FaceMovementAndLightChallenge',
    consent: { retentionDays: 1095 },
  });
});

test('T71 T72 and nothing else: neither address, name, External ID, token id, domain nor state', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub, {
    claims: { tx: 'canary-transaction' },
    state: 'canary-state',
  });
  const { body = '' } = await browser.send('readSession');
  const [row] = await rowsOf(world, 'SESSION_TABLE', integration.integrationId);
  const secrets = [
    'alice@',
    'Anderson',
    sub,
    'canary-transaction',
    'canary-state',
    'tenant.eu.auth0.com',
    integration.integrationId,
  ];
  for (const hidden of [...secrets, row?.['jti'], row?.['cookieHash'], row?.['resultJti']]) {
    expect(body).not.toContain(hidden);
  }
});

test('reading writes nothing and costs no engine call', async () => {
  const integration = await world.newIntegration();
  const browser = await openLogin(world, integration, world.newExternalId());
  const before = [
    await rowsOf(world, 'SESSION_TABLE'),
    await rowsOf(world, 'TRANSACTION_TABLE'),
    { ...world.faces.calls },
  ];
  for (let times = 0; times < 5; times += 1) await browser.view();
  expect([await rowsOf(world, 'SESSION_TABLE'), await rowsOf(world, 'TRANSACTION_TABLE'), world.faces.calls]).toEqual(
    before,
  );
});

test('T56 at the second of expiry the login is over, though its row still exists', async () => {
  const integration = await world.newIntegration({ sessionTimeoutSeconds: 120 });
  const browser = await openLogin(world, integration, world.newExternalId());
  world.advance(119);
  expect(await browser.view()).toMatchObject({ state: 'open', outcome: null, returnable: true });
  world.advance(1);
  expect(await browser.view()).toMatchObject({ state: 'finished', outcome: 'expired', returnable: true });
  expect((await rowsOf(world, 'SESSION_TABLE', integration.integrationId))[0]).toMatchObject({ state: 'open' });
});

test('T75 a consent on record is not requested again, but a new version of its text is', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  expect((await (await openLogin(world, integration, sub)).view()).consent).toBeNull();
  const text = 'A new text that lawyers wrote, long enough to be one.';
  await world.change(integration.integrationId, { consent: { version: '2', text, retentionDays: 30 } });
  expect((await (await openLogin(world, integration, sub)).view()).consent).toEqual({
    version: '2',
    text,
    retentionDays: 30,
  });
});

test('T64 hostile names are sent as data: the answer is JSON and is never sniffed as a page', async () => {
  const app = '</script><img src=x onerror=alert(1)>"\'`$';
  const integration = await world.newIntegration({ branding: { displayName: app } });
  const browser = await openLogin(world, integration, world.newExternalId(), { claims: { app } });
  const answer = await browser.send('readSession');
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  expect(await browser.view()).toMatchObject({ app, branding: { displayName: app } });
});
