import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineCalls, userRow } from '../../../support/inspect.ts';
import { type Browser, enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const enrolled = async (lockout: object = {}) => {
  const integration = await world.newIntegration({
    lockout: { enabled: true, maxFailedAttempts: 5, windowSeconds: 3600, lockSeconds: 1800, ...lockout },
  });
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const row = () => userRow(world, integration.integrationId, sub);
  const failures = async () => (await row())?.['failures'];
  return { integration, sub, row, failures, login: () => openLogin(world, integration, sub) };
};

test('T54 of 50 concurrent wrong faces, over 50 sessions, at most five reach the engine', async () => {
  const { login, failures } = await enrolled();
  const browsers = await Promise.all(Array.from({ length: 50 }, login));
  const calls = await engineCalls(world, async () => {
    const answers = await Promise.all(
      browsers.map((browser) => browser.attempt(world, 'verify', { person: 'mallory' })),
    );
    expect(answers.filter(({ outcome }) => outcome === 'not_verified').length).toBeLessThanOrEqual(5);
  });
  expect(calls.compare).toBeLessThanOrEqual(5);
  expect(await failures()).toBeLessThanOrEqual(5);
});

test('T54 guesses that start together and complete later, in any order, get at most five verdicts', async () => {
  const { login } = await enrolled();
  const browsers = await Promise.all(Array.from({ length: 12 }, login));
  const started = await Promise.all(browsers.map((browser) => browser.start('verify')));
  let verdicts = 0;
  for (const [index, { body }] of started.entries()) {
    const { state, livenessSessionId } = JSON.parse(body ?? '');
    if (state !== 'started') continue;
    world.faces.play(livenessSessionId, { person: 'mallory' });
    const answer = JSON.parse((await browsers[index]?.complete('verify', 1))?.body ?? '');
    verdicts += answer.outcome === 'not_verified' ? 1 : 0;
  }
  expect(verdicts).toBeLessThanOrEqual(5);
});

test('T54 one guess after another: the fifth wrong face locks, and the right one has to wait too', async () => {
  const { login, integration, failures } = await enrolled();
  const first = await login();
  for (let times = 0; times < 3; times += 1) await first.attempt(world, 'verify', { person: 'mallory' });
  const second = await login();
  expect((await second.attempt(world, 'verify', { person: 'mallory' })).state).toBe('again');
  expect(await second.attempt(world, 'verify', { person: 'mallory' })).toMatchObject({
    state: 'finished',
    outcome: 'locked',
  });
  const lockedAt = world.now();
  expect(await failures()).toBe(5);
  const owner = await login();
  expect(await owner.view()).toMatchObject({ state: 'finished', outcome: 'locked', lockedUntil: lockedAt + 1800 });
  const { payload } = await readReturnPage(world, integration, await owner.giveBack());
  expect(payload).toMatchObject({ res: 'locked', until: lockedAt + 1800, event: null });
  world.advance(1799);
  expect((await (await login()).view()).outcome).toBe('locked');
  world.advance(1);
  expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  expect(await failures()).toBe(0);
});

test('T54 a lock that begins during the capture applies at completion, even to the right face', async () => {
  const { login } = await enrolled();
  const early = await login();
  const { livenessSessionId } = JSON.parse((await early.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person: 'alice' });
  const attacker = [await login(), await login()];
  for (const browser of [...attacker, ...attacker, attacker[0] as Browser]) {
    await browser.attempt(world, 'verify', { person: 'mallory' });
  }
  expect(JSON.parse((await early.complete('verify', 1)).body ?? '')).toMatchObject({
    state: 'finished',
    outcome: 'locked',
  });
});

test('T54 starting again in one session abandons the previous attempt', async () => {
  const { login } = await enrolled();
  const browser = await login();
  const first = JSON.parse((await browser.start('verify')).body ?? '');
  await browser.start('verify');
  world.faces.play(first.livenessSessionId, { person: 'mallory' });
  const calls = await engineCalls(world, async () => {
    expect((await browser.complete('verify', 1)).statusCode).toBe(409);
  });
  expect(calls.compare).toBe(0);
});

test('T55 whoever knows no password cannot lock anyone: only a signed login counts', async () => {
  const { integration, failures } = await enrolled();
  const { call } = await import('../../../support/login.ts');
  for (let times = 0; times < 10; times += 1) {
    await call(world.handlers, 'startVerifyLiveness', { body: '{}', headers: { 'content-type': 'application/json' } });
    await call(world.handlers, 'openSession', { pathParameters: { integrationId: integration.integrationId } });
  }
  expect(await failures()).toBe(0);
});

test('T55 an unavailable engine locks nobody', async () => {
  const { login, failures } = await enrolled();
  for (let times = 0; times < 4; times += 1) {
    const browser = await login();
    for (let tries = 0; tries < 3; tries += 1) await browser.attempt(world, 'verify', { status: 'FAILED' });
  }
  expect(await failures()).toBe(0);
  expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
});

test('a switched-off lockout counts but never locks', async () => {
  const { login, failures } = await enrolled({ enabled: false, maxFailedAttempts: 1 });
  for (let times = 0; times < 4; times += 1) await (await login()).attempt(world, 'verify', { person: 'mallory' });
  expect(await failures()).toBe(4);
  expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
});

test('T77 a session starts at most six captures, however they end', async () => {
  const { login } = await enrolled();
  const browser = await login();
  const calls = await engineCalls(world, async () => {
    for (let times = 0; times < 10; times += 1) {
      await browser.start('verify');
      await browser.send('releaseAttempt', { attempt: Math.min(6, times + 1) });
    }
  });
  expect(calls.createLiveness).toBeLessThanOrEqual(6);
});
