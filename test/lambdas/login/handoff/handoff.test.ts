import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntegrationOptionsInput } from '../../../../contract/api/portal/integration-options.ts';
import { rowsOf } from '../../../support/inspect.ts';
import { Browser, call, enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const EMAIL = { enrollmentFlow: 'email', verificationFlow: 'email' } as const;
const PHONE = { phoneHandoff: true } as const;

const parse = (answer: { body?: string | undefined }) => JSON.parse(answer.body ?? '{}');

/** A login whose link has been sent, and the link. */
const offered = async (
  options: Partial<IntegrationOptionsInput>,
  sub = world.newExternalId(),
  made?: TestIntegration,
) => {
  const integration = made ?? (await world.newIntegration(options));
  const login = await openLogin(world, integration, sub);
  const transport = 'phoneHandoff' in options ? 'qr' : 'email';
  const answer = await login.send('offerHandoff', { transport });
  const link: string = transport === 'qr' ? parse(answer).link : (world.links.at(-1)?.link ?? '');
  return { integration, login, link, sub, answer };
};

/** Another device that opened the link. */
const deviceOf = async (link: string, sourceIp?: string): Promise<Browser> => {
  const device = new Browser(world.handlers);
  await device.followLink(link, 'continue', sourceIp);
  return device;
};

const resultOf = async (integration: TestIntegration, login: Browser) =>
  (await readReturnPage(world, integration, await login.giveBack())).payload;

describe.each([
  ['email', EMAIL],
  ['a phone', PHONE],
] as const)('by %s', (_name, options) => {
  test('T17 enrolls on another device; the login continues only once its code is entered in the browser that signs in', async () => {
    const { integration, login, link } = await offered(options);
    expect((await login.view()).handoff).toMatchObject({ state: 'offered' });
    const device = await deviceOf(link);
    expect(await device.view()).toMatchObject({ role: 'device', runsHere: true, returnable: false, handoffBy: null });
    expect((await login.view()).handoff).toMatchObject({ state: 'opened', otherNetwork: false });
    const passed = await device.attempt(world, 'enroll');
    expect(passed).toMatchObject({ state: 'code', code: expect.stringMatching(/^\d{6}$/) });
    expect(await login.view()).toMatchObject({ state: 'open', handoff: { state: 'passed' } });
    expect(parse(await login.send('confirmCode', { code: passed.code }))).toEqual({
      state: 'finished',
      outcome: 'enrolled',
    });
    expect(await device.view()).toMatchObject({ state: 'finished', outcome: 'enrolled', returnable: false });
    expect(await resultOf(integration, login)).toMatchObject({ res: 'enrolled', event: 'enrolled' });
  });

  test('T17 the device can neither get the result nor create a link nor enter a code', async () => {
    const { link, login } = await offered(options);
    const device = await deviceOf(link);
    const { code } = await device.attempt(world, 'enroll');
    expect((await device.send('confirmCode', { code })).statusCode).toBe(404);
    expect((await device.send('offerHandoff', { transport: 'email' })).statusCode).toBe(404);
    expect((await device.giveBack()).statusCode).toBe(404);
    await login.send('confirmCode', { code });
    expect((await device.giveBack()).statusCode).toBe(404);
  });

  test('T17 the browser that signs in cannot complete the device’s check, nor vice versa', async () => {
    const { link, login } = await offered(options);
    const device = await deviceOf(link);
    const version = (await device.view()).consent?.version;
    const started = parse(await device.start('enroll', version));
    world.faces.play(started.livenessSessionId, {});
    expect(parse(await login.complete('enroll', started.attempt))).toMatchObject({ code: 'attempt-superseded' });
    expect(parse(await login.send('releaseAttempt', { attempt: started.attempt }))).toMatchObject({
      code: 'attempt-superseded',
    });
    expect(parse(await device.complete('enroll', started.attempt))).toMatchObject({ state: 'code' });
    expect(parse(await login.complete('enroll', started.attempt))).toMatchObject({ code: 'attempt-superseded' });
    expect((await login.view()).state).toBe('open');
  });

  test('T54 each try of a code is counted before it is compared: of fifty concurrent ones three count, then the login ends', async () => {
    const { link, login, integration } = await offered(options);
    const device = await deviceOf(link);
    const { code } = await device.attempt(world, 'enroll');
    const wrong = Array.from({ length: 50 }, (_, index) =>
      String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'),
    );
    await Promise.all(wrong.map((guess) => login.send('confirmCode', { code: guess })));
    for (const guess of wrong.slice(0, 3)) await login.send('confirmCode', { code: guess });
    const late = parse(await login.send('confirmCode', { code }));
    expect(late).toEqual({ state: 'finished', outcome: 'not_verified' });
    expect((await resultOf(integration, login)).res).toBe('no_match');
  });

  test('a wrong code leaves two tries, and the right one then counts', async () => {
    const { link, login } = await offered(options);
    const device = await deviceOf(link);
    const { code } = await device.attempt(world, 'enroll');
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    expect(parse(await login.send('confirmCode', { code: wrong }))).toEqual({ state: 'again', triesLeft: 2 });
    expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'enrolled' });
  });

  test('T19 reading the link, by HEAD, prefetch or a mail scanner, opens nothing and can be repeated', async () => {
    const { link, login } = await offered(options);
    const pathParameters = { link: link.slice(link.lastIndexOf('/') + 1) };
    const head = await call(world.handlers, 'showHandoff', { pathParameters, method: 'HEAD' });
    expect(head.statusCode).toBe(204);
    for (const headers of [{ 'sec-purpose': 'prefetch' }, {}, {}] as Record<string, string>[]) {
      await call(world.handlers, 'showHandoff', { pathParameters, headers });
    }
    expect((await login.view()).handoff).toMatchObject({ state: 'offered' });
    const page = await call(world.handlers, 'showHandoff', { pathParameters });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('a•••@example.com');
    expect(page.headers?.['content-security-policy']).toContain("form-action 'self'");
    const device = await deviceOf(link);
    expect((await device.view()).role).toBe('device');
  });

  test('T17 of many browsers that open one link exactly one succeeds; a new link invalidates the old one and what it opened', async () => {
    const { link, login } = await offered(options);
    const opened = await Promise.all(Array.from({ length: 12 }, () => new Browser(world.handlers).followLink(link)));
    expect(opened.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
    expect(new Set(opened.filter(({ statusCode }) => statusCode !== 303).map(({ statusCode }) => statusCode))).toEqual(
      new Set([404]),
    );
    const device = new Browser(world.handlers);
    device.cookies.push(
      ...(opened.find(({ statusCode }) => statusCode === 303)?.cookies ?? []).map((c) => c.split(';')[0] ?? ''),
    );
    device.handle = login.handle;
    expect((await device.send('readSession')).statusCode).toBe(200);
    const transport = options === PHONE ? 'qr' : 'email';
    await login.send('offerHandoff', { transport });
    expect((await device.send('readSession')).statusCode).toBe(404);
  });

  test('a link and a code expire, and at most three links are created', async () => {
    const { link, login } = await offered(options);
    const transport = options === PHONE ? 'qr' : 'email';
    world.advance(options === PHONE ? 120 : 600);
    expect((await new Browser(world.handlers).followLink(link)).statusCode).toBe(options === PHONE ? 404 : 409);
    if (options === EMAIL) return;
    const second = parse(await login.send('offerHandoff', { transport })).link;
    const device = await deviceOf(second);
    const { code } = await device.attempt(world, 'enroll');
    world.advance(120);
    expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ code: 'no-attempt' });
    expect((await login.send('offerHandoff', { transport })).statusCode).toBe(200);
    expect((await login.send('offerHandoff', { transport })).statusCode).toBe(429);
  });

  test('T16 whoever got a link without signing in reports it, and the login ends', async () => {
    const { link, login, integration } = await offered(options);
    expect((await new Browser(world.handlers).followLink(link, 'report')).statusCode).toBe(200);
    expect((await resultOf(integration, login)).res).toBe('reported');
  });

  test('T16 another network is shown on both sides', async () => {
    const { link, login } = await offered(options);
    const device = await deviceOf(link, '198.51.100.9');
    expect((await device.view()).otherNetwork).toBe(true);
    expect((await login.view()).handoff).toMatchObject({ otherNetwork: true });
  });

  test('T53 switched off between check and code: the login ends as disabled', async () => {
    const { link, login, integration } = await offered(options);
    const { code } = await (await deviceOf(link)).attempt(world, 'enroll');
    await world.change(integration.integrationId, { enabled: false });
    expect(parse(await login.send('confirmCode', { code }))).toEqual({ state: 'finished', outcome: 'disabled' });
  });

  test('T51 a repeated complete shows the same code, a repeated code the same end', async () => {
    const { link, login } = await offered(options);
    const device = await deviceOf(link);
    const first = await device.attempt(world, 'enroll');
    expect(parse(await device.complete('enroll', 1)).code).toBe(first.code);
    const once = parse(await login.send('confirmCode', { code: first.code }));
    expect(parse(await login.send('confirmCode', { code: first.code }))).toEqual(once);
  });

  test('T28 if the user was enrolled in the meantime, the login ends as conflict; the first face stays', async () => {
    const { link, login, integration, sub } = await offered(options);
    const { code } = await (await deviceOf(link)).attempt(world, 'enroll', { person: 'mallory' });
    await world.change(integration.integrationId, { enrollmentFlow: 'inline', phoneHandoff: false });
    await enroll(world, integration, sub, 'alice');
    expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'conflict' });
    const user = await world.ports.users.read(integration.integrationId, sub);
    expect(user?.version).toBe(1);
  });
});

describe('by e-mail', () => {
  test('no camera starts in the browser that signs in until the link is opened there', async () => {
    const { login } = await offered(EMAIL);
    const before = world.faces.calls.createLiveness;
    const version = (await login.view()).consent?.version;
    expect(await login.view()).toMatchObject({ runsHere: false, handoffBy: 'email' });
    expect(parse(await login.start('enroll', version))).toMatchObject({ code: 'other-device' });
    expect(world.faces.calls.createLiveness).toBe(before);
  });

  test('opened in the browser that signs in, the check runs there and needs no code', async () => {
    const { login, link, integration } = await offered(EMAIL);
    await login.followLink(link);
    expect(await login.view()).toMatchObject({ role: 'login', runsHere: true });
    // Opened a second time, the link leads to the same check; in any other browser it opens nothing.
    const { handle } = login;
    const again = await login.followLink(link);
    expect([again.statusCode, login.handle]).toEqual([303, handle]);
    expect((await new Browser(world.handlers).followLink(link)).statusCode).toBe(404);
    expect(await login.attempt(world, 'enroll')).toMatchObject({ state: 'finished', outcome: 'enrolled' });
    expect((await resultOf(integration, login)).res).toBe('enrolled');
  });

  test('T26 the mail goes only to the verified address of the login; without one the login is refused', async () => {
    const integration = await world.newIntegration(EMAIL);
    await offered(EMAIL, world.newExternalId(), integration);
    expect(world.links.at(-1)).toMatchObject({ to: 'alice@example.com', organisation: 'Harbour Bank', minutes: 10 });
    const unverified = await openLogin(world, integration, world.newExternalId(), {
      claims: { facts: { emailVerified: false, otherFactors: false } },
    });
    expect((await unverified.view()).outcome).toBe('unavailable');
    const none = await openLogin(world, integration, world.newExternalId(), { claims: { pii: undefined } });
    expect((await none.view()).outcome).toBe('unavailable');
  });

  test('a verification by e-mail compares with the enrolled face: another person gets no code', async () => {
    const integration = await world.newIntegration({ verificationFlow: 'email' });
    const sub = world.newExternalId();
    await enroll(world, integration, sub, 'alice');
    const { link, login } = await offered(EMAIL, sub, integration);
    const device = await deviceOf(link);
    expect(await device.attempt(world, 'verify', { person: 'mallory' })).toMatchObject({ state: 'again' });
    const { code } = await device.attempt(world, 'verify', { person: 'alice' });
    expect(parse(await login.send('confirmCode', { code }))).toMatchObject({ outcome: 'verified' });
  });

  test('T50 if no mail can be sent, the answer says so, and another link can be created', async () => {
    const integration = await world.newIntegration(EMAIL);
    const handlers = world.handlersWith({
      linkMail: { sendLink: async () => Promise.reject(new Error('SES is down')) },
    });
    const login = await openLogin(world, integration, world.newExternalId(), { handlers });
    expect((await login.send('offerHandoff', { transport: 'email' })).statusCode).toBeGreaterThanOrEqual(500);
    expect((await login.view()).state).toBe('open');
  });
});

test('T17 a link replaced while the camera runs: whoever opens the new one cannot complete the check of the previous device', async () => {
  const { link, login, integration } = await offered(PHONE);
  const victim = await deviceOf(link);
  const started = parse(await victim.start('enroll', (await victim.view()).consent?.version));
  const thief = await deviceOf(parse(await login.send('offerHandoff', { transport: 'qr' })).link);
  world.faces.play(started.livenessSessionId, {});
  expect(parse(await thief.complete('enroll', started.attempt))).toMatchObject({ code: 'attempt-superseded' });
  expect(parse(await thief.send('releaseAttempt', { attempt: started.attempt }))).toMatchObject({
    code: 'attempt-superseded',
  });
  expect((await victim.complete('enroll', started.attempt)).statusCode).toBe(404);
  expect((await login.view()).state).toBe('open');
  const { code } = await thief.attempt(world, 'enroll');
  await login.send('confirmCode', { code });
  expect((await resultOf(integration, login)).res).toBe('enrolled');
});

test('T16 a report of a link is confirmed only once the login has ended, even if an attempt begins at that moment', async () => {
  const { login, link, integration } = await offered(PHONE);
  const version = (await login.view()).consent?.version;
  const { sessions } = world.ports;
  let isFirst = true;
  const changing = new Proxy(sessions, {
    get:
      (store, name: keyof typeof sessions) =>
      async (...given: never[]) => {
        if (name === 'finish' && isFirst) {
          isFirst = false;
          await login.start('enroll', version);
        }
        return (store[name] as (...all: never[]) => unknown).apply(store, given);
      },
  });
  const answer = await new Browser(world.handlersWith({ sessions: changing })).followLink(link, 'report');
  expect([answer.statusCode, isFirst]).toEqual([200, false]);
  expect((await resultOf(integration, login)).res).toBe('reported');
});

test('T17 without the option no link is created, whatever the page requests', async () => {
  const integration = await world.newIntegration();
  const login = await openLogin(world, integration, world.newExternalId());
  for (const transport of ['qr', 'email']) {
    expect((await login.send('offerHandoff', { transport })).statusCode).toBe(400);
  }
  expect((await login.view()).handoff).toBeNull();
});

test('T30 a link opens only its own session: another integration, another login or an altered secret open nothing', async () => {
  const { link } = await offered(EMAIL);
  const other = await offered(EMAIL);
  const [own = '', jti = '', secret = ''] = link.slice(link.lastIndexOf('/') + 1).split('.');
  const [foreign = '', foreignJti = ''] = other.link.slice(other.link.lastIndexOf('/') + 1).split('.');
  for (const forged of [
    `${foreign}.${jti}.${secret}`,
    `${own}.${foreignJti}.${secret}`,
    `${foreign}.${foreignJti}.${secret}`,
    `${own}.${jti}.${'A'.repeat(43)}`,
    `${own}.${jti}`,
    '',
  ]) {
    expect((await new Browser(world.handlers).followLink(`x/${forged}`)).statusCode).toBe(404);
  }
});

test('T71 neither link nor code nor address reaches a log line', async () => {
  const before = world.log.length;
  const { link, login } = await offered(EMAIL);
  const { code } = await (await deviceOf(link)).attempt(world, 'enroll');
  await login.send('confirmCode', { code });
  const text = JSON.stringify(world.log.slice(before));
  for (const secret of [link.split('.').at(-1) ?? '', code, 'alice@example.com']) expect(text).not.toContain(secret);
});

test('T66 the form is accepted only from our own page', async () => {
  const { link } = await offered(EMAIL);
  const answer = await call(world.handlers, 'openHandoff', {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ link: link.slice(link.lastIndexOf('/') + 1), answer: 'continue' }).toString(),
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.cookies ?? []).toEqual([]);
});

test('a session row that an earlier release wrote, without these members, is a login that runs in this browser', async () => {
  const integration = await world.newIntegration();
  const login = await openLogin(world, integration, world.newExternalId());
  const [, jti = ''] = (login.cookies[0] ?? '').split('=')[1]?.split('.') ?? [];
  await world.documents.send(
    new UpdateCommand({
      TableName: world.tables.SESSION_TABLE,
      Key: { sessionKey: `session#${integration.integrationId}#${jti}` },
      UpdateExpression: 'REMOVE callerIp, handoffBy',
      ConditionExpression: 'attribute_exists(callerIp)',
    }),
  );
  expect(await login.view()).toMatchObject({ role: 'login', runsHere: true, handoffBy: null, handoff: null });
});

test('T44 the wrapped key of a face that waited for its code does not outlive the login in the session row', async () => {
  const { link, login } = await offered(EMAIL);
  const { code } = await (await deviceOf(link)).attempt(world, 'enroll');
  const jti = link.split('.').at(-2) ?? '';
  const rows = async () => JSON.stringify((await rowsOf(world, 'SESSION_TABLE')).filter((row) => row['jti'] === jti));
  const before = await rows();
  expect(before).toContain('"wrappedKey"');
  await login.send('confirmCode', { code });
  const after = await rows();
  expect(after).toContain('"finished"');
  expect(after).not.toContain('"wrappedKey"');
});
