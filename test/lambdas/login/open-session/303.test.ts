import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf, userRow } from '../../../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const open = async (claims: object = {}, options: Parameters<World['newIntegration']>[0] = {}) => {
  const integration = await world.newIntegration(options);
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub, { claims });
  return { integration, sub, browser };
};

test('redirects to a clean address: no token, state or id stays where others can read it', async () => {
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const answer = await new Browser(world.handlers).open(integration.integrationId, token);
  expect(answer.statusCode).toBe(303);
  expect(answer.headers?.['location']).toMatch(/^\/capture\/#[A-Za-z0-9_-]{16}$/);
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(answer.body ?? '').toBe('');
  expect(answer.cookies).toHaveLength(1);
});

test('T18 the cookie is host-only, hidden from scripts, 256 bits, for this session alone and short-lived', async () => {
  const integration = await world.newIntegration({ sessionTimeoutSeconds: 300 });
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const answer = await new Browser(world.handlers).open(integration.integrationId, token);
  const handle = String(answer.headers?.['location']).split('#')[1];
  const [pair, ...attributes] = (answer.cookies?.[0] ?? '').split('; ');
  expect(pair).toMatch(new RegExp(`^__Host-verified-${handle}=int_[a-z2-7]{20}\\.[\\w-]{36}\\.[\\w-]{43}$`));
  expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=900', 'Path=/', 'SameSite=Lax', 'Secure']);
});

test('T18 an id or cookie that the caller sends is not adopted', async () => {
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const planted = `__Host-verified-AAAAAAAAAAAAAAAA=${integration.integrationId}.${'a'.repeat(36)}.${'s'.repeat(43)}`;
  const answer = await new Browser(world.handlers).open(integration.integrationId, token, 'state', {
    cookies: [planted, planted],
    query: { session_token: token, state: 'state', sid: 'planted', handle: 'AAAAAAAAAAAAAAAA' },
  });
  expect(answer.statusCode).toBe(303);
  expect(answer.cookies?.[0]).not.toContain('s'.repeat(43));
  expect(answer.headers?.['location']).not.toContain('AAAAAAAAAAAAAAAA');
});

test('T18 two cookies of one name are ignored: one of them was planted', async () => {
  const { browser } = await open();
  const [own = ''] = browser.cookies;
  browser.cookies.push(own.replace(/.{43}$/, 'p'.repeat(43)));
  expect((await browser.send('readSession')).statusCode).toBe(404);
});

test('T7 the same link again in the same browser resumes, without a new session or cookie', async () => {
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const browser = new Browser(world.handlers);
  const first = await browser.open(integration.integrationId, token);
  const again = await browser.open(integration.integrationId, token);
  expect(again).toMatchObject({ statusCode: 303, cookies: [], headers: { location: first.headers?.['location'] } });
  expect(await rowsOf(world, 'SESSION_TABLE', integration.integrationId)).toHaveLength(1);
});

test('T9 the state is bound at the first opening: reopening with another one does not change it', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const token = await signToken(claimsFor(world, integration, sub), world.keysOf(integration).request);
  const browser = new Browser(world.handlers);
  await browser.open(integration.integrationId, token, 'state-of-the-login');
  await browser.open(integration.integrationId, token, 'state-of-the-attacker');
  await browser.send('endSession', { reason: 'declined' });
  const { url, payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['state']).toBe('state-of-the-login');
  expect(new URL(url).searchParams.get('state')).toBe('state-of-the-login');
});

test('if the store responds late, a repeated write of the same opening is the same opening, not a stranger’s', async () => {
  // The SDK repeats a write whose response was lost; the existing row is then our own.
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const { sessions } = world.ports;
  const repeating = new Proxy(sessions, {
    get: (target, member) =>
      member === 'open'
        ? async (...values: Parameters<typeof sessions.open>) => {
            await target.open(...values);
            return target.open(...values);
          }
        : Reflect.get(target, member, target).bind(target),
  });
  const browser = new Browser(world.handlersWith({ sessions: repeating }));
  const answer = await browser.open(integration.integrationId, token);
  expect(answer).toMatchObject({ statusCode: 303, cookies: [expect.stringContaining('__Host-')] });
  expect((await browser.view()).state).toBe('open');
  // The same for a login that ends immediately, with its record written once.
  await world.change(integration.integrationId, { enabled: false });
  const next = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  expect((await browser.open(integration.integrationId, next)).cookies).toHaveLength(1);
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(1);
});

test('T16 the page learns if the login came from another network, and nothing else changes', async () => {
  const { browser } = await open({ ip: '198.51.100.9' });
  expect(await browser.view()).toMatchObject({ otherNetwork: true, state: 'open' });
  const { browser: same } = await open({ ip: '203.0.113.7' });
  expect((await same.view()).otherNetwork).toBe(false);
  const { browser: odd } = await open({ ip: 'fe80::1%eth0' });
  expect((await odd.view()).otherNetwork).toBe(false);
});

test.each([
  ['nothing', { emailVerified: false, otherFactors: false }, true],
  ['verified-email', { emailVerified: false, otherFactors: true }, false],
  ['verified-email', { emailVerified: true, otherFactors: false }, true],
  ['another-factor', { emailVerified: true, otherFactors: false }, false],
  ['another-factor', { emailVerified: false, otherFactors: true }, true],
  ['invitation', { emailVerified: true, otherFactors: true }, false],
] as const)('T26 self-enrollment that requires %s, with %j: %s', async (selfEnrollmentRequires, facts, isAllowed) => {
  const { browser, integration, sub } = await open({ facts }, { selfEnrollmentRequires });
  const view = await browser.view();
  expect(view).toMatchObject({ task: 'enroll', state: isAllowed ? 'open' : 'finished' });
  if (isAllowed) return;
  expect(view.outcome).toBe('not_enrolled');
  expect(JSON.parse((await browser.start('enroll', '1')).body ?? '')).toEqual({ state: 'finished' });
  expect(await userRow(world, integration.integrationId, sub)).toBeUndefined();
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload).toMatchObject({ res: 'not_enrolled', event: null, vat: null });
});

test('T26 without self-enrollment nobody enrolls, whatever the login claims', async () => {
  const { browser } = await open({ purpose: 'enroll' }, { allowSelfEnrollment: false });
  expect(await browser.view()).toMatchObject({ state: 'finished', outcome: 'not_enrolled' });
});

test('T20 a user who has a face verifies it: a login to enroll does not replace it', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub, { claims: { purpose: 'enroll' } });
  expect((await browser.view()).task).toBe('verify');
});

test('T53 a disabled integration ends the login visibly, signed, and without a camera', async () => {
  const { browser, integration } = await open({}, { enabled: false });
  expect(await browser.view()).toMatchObject({ state: 'finished', outcome: 'disabled' });
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('disabled');
});

test('T30 the same External ID under two integrations is two users', async () => {
  const sub = world.newExternalId();
  const [one, other] = [await world.newIntegration(), await world.newIntegration()];
  await enroll(world, one, sub);
  expect((await (await openLogin(world, other, sub)).view()).task).toBe('enroll');
});
