import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIM_SECONDS } from '../../../../lambdas/core/model/lockout.ts';
import { Problem } from '../../../../lambdas/core/model/problem.ts';
import { engineCalls, problemOf, rowsOf, userRow } from '../../../support/inspect.ts';
import { Browser, enroll, openLogin } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const started = async (person = 'alice') => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub);
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person });
  const row = () => userRow(world, integration.integrationId, sub);
  return { integration, sub, browser, row };
};

/** The same browser at a service with some ports replaced. */
const at = (browser: Browser, replaced: Parameters<World['handlersWith']>[0]): Browser => {
  const other = new Browser(world.handlersWith(replaced));
  other.cookies.push(...browser.cookies);
  other.handle = browser.handle;
  return other;
};
const portWith = <Port extends object>(port: Port, members: Partial<Port>): Port =>
  new Proxy(port, {
    get: (target, member) => {
      const value: unknown = Reflect.get(members, member) ?? Reflect.get(target, member, target);
      return typeof value === 'function' && !(member in members) ? value.bind(target) : value;
    },
  });
/** Never waits, so that tests do not wait either. */
const pause = async () => {};

describe('T77 a hundred parallel completes of one attempt', () => {
  test.each(['alice', 'mallory'])('compare once and give the same answer, for the face of %s', async (person) => {
    const { browser, integration, row } = await started(person);
    const answers: string[] = [];
    const calls = await engineCalls(world, async () => {
      const all = await Promise.all(Array.from({ length: 100 }, () => browser.complete('verify', 1)));
      answers.push(...all.map(({ statusCode, body }) => (statusCode === 503 ? 'wait' : `${body}`)));
    });
    expect(calls.compare).toBe(1);
    // Callers that gave up waiting call again, and get the same answer as the others.
    answers.push(`${(await browser.complete('verify', 1)).body}`);
    const bodies = new Set(answers.filter((answer) => answer !== 'wait'));
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toContain(person === 'alice' ? '"verified"' : '"not_verified"');
    expect(await row()).toMatchObject(person === 'alice' ? { failures: 0, guesses: 0 } : { failures: 1, guesses: 1 });
    const records = await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId);
    expect(records.filter(({ task }) => task === 'verify')).toHaveLength(person === 'alice' ? 1 : 0);
  });

  test('of an enrollment count the faces once and store one', async () => {
    const integration = await world.newIntegration();
    const browser = await openLogin(world, integration, world.newExternalId());
    const { livenessSessionId } = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
    world.faces.play(livenessSessionId, {});
    const calls = await engineCalls(world, () =>
      Promise.all(Array.from({ length: 30 }, () => browser.complete('enroll', 1))),
    );
    expect(calls.countFaces).toBe(1);
  });
});

describe('T51 a judge that dies', () => {
  const died = async (person?: string) => {
    const { browser, ...rest } = await started(person);
    // The process ends at the comparison: nothing after it has any effect.
    const faces = portWith(world.ports.faces, { compare: () => Promise.reject(new Problem('unavailable', 'killed')) });
    const sessions = portWith(world.ports.sessions, {
      dropClaim: () => Promise.reject(new Problem('unavailable', 'killed')),
    });
    expect((await at(browser, { faces, sessions }).complete('verify', 1)).statusCode).toBe(503);
    return { browser, ...rest };
  };

  test('keeps its claim for half a minute: other callers learn when to call again, and pay for nothing', async () => {
    const { browser } = await died();
    world.advance(CLAIM_SECONDS - 1);
    const calls = await engineCalls(world, async () => {
      const answer = await at(browser, { pause }).complete('verify', 1);
      expect(problemOf(answer).code).toBe('unavailable');
      expect(answer.headers?.['retry-after']).toBe('1');
    });
    expect(calls).toEqual({ createLiveness: 0, readLiveness: 0, countFaces: 0, compare: 0 });
  });

  test('is followed by the next call, and its guess is counted once', async () => {
    const { browser, row } = await died('mallory');
    expect(await row()).toMatchObject({ failures: 0, guesses: 1 });
    world.advance(CLAIM_SECONDS);
    const answer = JSON.parse((await browser.complete('verify', 1)).body ?? '');
    expect(answer).toMatchObject({ state: 'again', outcome: 'not_verified' });
    expect(await row()).toMatchObject({ failures: 1, guesses: 1 });
  });

  test('T54 leaves a guess that may have been judged: five of them lock', async () => {
    const { browser, integration, sub } = await died('mallory');
    await browser.send('endSession', { reason: 'declined' });
    for (let times = 0; times < 4; times += 1) {
      const next = await openLogin(world, integration, sub);
      const faces = portWith(world.ports.faces, {
        compare: () => Promise.reject(new Problem('unavailable', 'killed')),
      });
      const sessions = portWith(world.ports.sessions, {
        dropClaim: () => Promise.reject(new Problem('unavailable', 'killed')),
      });
      await at(next, { faces, sessions }).attempt(world, 'verify');
    }
    // While they may still be judging, no lock is reported.
    expect((await (await openLogin(world, integration, sub)).view()).state).toBe('open');
    world.advance(CLAIM_SECONDS);
    expect((await (await openLogin(world, integration, sub)).view()).outcome).toBe('locked');
  });
});

describe('T50 a comparison that Rekognition does not answer', () => {
  test('counts nothing, and the same attempt is judged at the next call', async () => {
    const { browser, row } = await started();
    const faces = portWith(world.ports.faces, { compare: () => Promise.reject(new Problem('unavailable', 'down')) });
    for (let times = 0; times < 8; times += 1) {
      expect((await at(browser, { faces }).complete('verify', 1)).statusCode).toBe(503);
    }
    expect(await row()).toMatchObject({ failures: 0, guesses: 0 });
    expect(JSON.parse((await browser.complete('verify', 1)).body ?? '').outcome).toBe('verified');
  });

  test('T54 a verdict that could not be written stays counted, and is not a second guess when it is requested again', async () => {
    const { browser, row } = await started('mallory');
    const sessions = portWith(world.ports.sessions, {
      judgeAttempt: () => Promise.reject(new Problem('unavailable', 'down')),
    });
    for (let times = 0; times < 3; times += 1) {
      expect((await at(browser, { sessions }).complete('verify', 1)).statusCode).toBe(503);
      expect(await row()).toMatchObject({ failures: 0, guesses: 1 });
    }
    expect(JSON.parse((await browser.complete('verify', 1)).body ?? '').outcome).toBe('not_verified');
    expect(await row()).toMatchObject({ failures: 1, guesses: 1 });
  });
});

test('T54 a lock that begins between the comparison and its end also applies to the right face', async () => {
  const { browser, integration, sub } = await started();
  const compare: World['ports']['faces']['compare'] = async (reference, probe) => {
    const result = await world.ports.faces.compare(reference, probe);
    for (let tab = 0; tab < 2; tab += 1) {
      const other = await openLogin(world, integration, sub);
      for (let times = 0; times < 2; times += 1) await other.attempt(world, 'verify', { person: 'mallory' });
    }
    // The limit was lowered in the meantime.
    await world.change(integration.integrationId, {
      lockout: { enabled: true, maxFailedAttempts: 4, windowSeconds: 3600, lockSeconds: 1800 },
    });
    return result;
  };
  const { integrations } = world.ports;
  const read: typeof integrations.read = async (id) => {
    const one = await integrations.read(id);
    return one === null ? null : { ...one, lockout: { ...one.lockout, maxFailedAttempts: 4 } };
  };
  const faces = portWith(world.ports.faces, { compare });
  const answer = await at(browser, { faces, integrations: { read } }).complete('verify', 1);
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ state: 'finished', outcome: 'locked' });
});
