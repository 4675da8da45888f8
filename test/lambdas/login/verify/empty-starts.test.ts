import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { engineCalls, userRow } from '../../../support/inspect.ts';
import { type Browser, enroll, openLogin } from '../../../support/login.ts';
import type { Scene } from '../../../support/scripted-faces.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

const HOUR_SECONDS = 3600;
/** How many starts a user has in an hour without a success (lambdas/core/model/paid-starts.ts). */
const MOST_STARTS = 20;
/** When a stream cannot begin any more and Rekognition still knows the session. */
const LOOK_SECONDS = 50;
/** By then housekeeping has checked, if it runs every minute, to the minute. */
const LOOKED_SECONDS = 170;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let integration: TestIntegration;
let sub: string;
beforeEach(async () => {
  // Checks that other tests left are due and done.
  world.advance(HOUR_SECONDS);
  await world.housekeep();
  integration = await world.newIntegration();
  sub = world.newExternalId();
  await enroll(world, integration, sub);
});

const login = (handlers = world.handlers) => openLogin(world, integration, sub, { handlers });
const row = () => userRow(world, integration.integrationId, sub);

/** Starts `count` attempts in logins of three each, and abandons them; each before `scene`. @returns how many began */
const abandon = async (count: number, scene: Partial<Scene>): Promise<number> => {
  let begun = 0;
  let browser: Browser | null = null;
  for (let number = 0; number < count; number += 1) {
    if (number % 3 === 0) browser = await login();
    const { state, livenessSessionId } = JSON.parse((await browser?.start('verify'))?.body ?? '{}');
    if (state !== 'started') continue;
    world.faces.play(livenessSessionId, scene);
    begun += 1;
  }
  return begun;
};
const EMPTY = { status: 'CREATED' } as const;
const STREAMED = { status: 'SUCCEEDED' } as const;

test.each(['tabs that are closed', 'starts that never get a stream'])(
  'T55 five logins with %s lock nobody, even repeatedly',
  async (what) => {
    for (let round = 0; round < 3; round += 1) {
      for (let times = 0; times < 5; times += 1) {
        const browser = await login();
        await browser.start('verify');
        if (what.startsWith('tabs')) await browser.send('releaseAttempt', { attempt: 1 });
      }
      expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
    }
  },
);

describe('T77 liveness sessions of one user', () => {
  test('are at most twenty an hour without a success, however they end, and the refusal says until when', async () => {
    const began = world.now();
    const calls = await engineCalls(world, async () => {
      for (let times = 0; times < 8; times += 1) {
        const browser = await login();
        for (let attempt = 1; attempt <= 3; attempt += 1) {
          await browser.start('verify');
          await browser.send('releaseAttempt', { attempt });
        }
      }
    });
    expect(calls.createLiveness).toBe(MOST_STARTS);
    world.advance(LOOKED_SECONDS);
    await world.housekeep();
    const refused = await login();
    expect(await refused.view()).toMatchObject({ outcome: 'locked', lockedUntil: began + HOUR_SECONDS });
    world.advance(HOUR_SECONDS - LOOKED_SECONDS);
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });

  test('are not limited for a user who succeeds: ten logins, each at the third attempt', async () => {
    for (let times = 0; times < 10; times += 1) {
      const browser = await login();
      await browser.attempt(world, 'verify', { status: 'FAILED' });
      await browser.attempt(world, 'verify', { person: 'mallory' });
      expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
    }
    expect(await row()).not.toHaveProperty('starts');
  });

  test('parallel starts stay within the limit too', async () => {
    const browsers = await Promise.all(Array.from({ length: 30 }, () => login()));
    const calls = await engineCalls(world, () => Promise.all(browsers.map((browser) => browser.start('verify'))));
    expect(calls.createLiveness).toBeLessThanOrEqual(MOST_STARTS);
    expect((await row())?.['starts']).toBeLessThanOrEqual(MOST_STARTS);
  });

  test('T50 that Rekognition could not create are given back', async () => {
    const down = world.handlersWith({
      faces: Object.assign(Object.create(world.faces), {
        createLiveness: () => Promise.reject(new Error('down')),
      }),
    });
    for (let times = 0; times < MOST_STARTS + 5; times += 1) {
      const browser = await login(down);
      expect((await browser.start('verify')).statusCode).toBe(503);
    }
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });
});

describe('T55 when housekeeping checks starts that got no stream', () => {
  test('those without a stream are given back, so that twenty empty ones lock nobody out for long', async () => {
    expect(await abandon(MOST_STARTS, EMPTY)).toBe(MOST_STARTS);
    const browser = await login();
    const busy = await browser.start('verify');
    expect(busy.statusCode).toBe(503);
    expect(busy.headers?.['retry-after']).toBe('30');
    world.advance(LOOK_SECONDS);
    await world.housekeep();
    // The same login continues: it never ended.
    expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  });

  test('whoever uses them up repeatedly locks nobody out for longer than a check takes', async () => {
    for (let round = 0; round < 8; round += 1) {
      await abandon(MOST_STARTS, EMPTY);
      const owner = await login();
      expect((await owner.view()).state).toBe('open');
      world.advance(LOOKED_SECONDS - 120);
      await world.housekeep();
      expect((await row())?.['starts']).toBeLessThanOrEqual(3);
    }
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });

  test('those with a stream cost money and stay counted, until the hour is over', async () => {
    await abandon(MOST_STARTS, STREAMED);
    world.advance(LOOKED_SECONDS);
    await world.housekeep();
    expect((await (await login()).view()).outcome).toBe('locked');
    world.advance(HOUR_SECONDS - LOOKED_SECONDS);
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
  });

  test.each(['CREATED', 'EXPIRED'] as const)('%s is a session that was never judged', async (status) => {
    await abandon(12, { status });
    world.advance(LOOK_SECONDS);
    await world.housekeep();
    expect((await row())?.['starts']).toBe(3);
    // A check is not repeated.
    await world.housekeep();
    expect((await row())?.['starts']).toBe(3);
  });

  test('a start is never given back to a count that began later', async () => {
    await abandon(12, EMPTY);
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
    world.advance(1);
    await abandon(3, STREAMED);
    world.advance(LOOK_SECONDS - 1);
    const calls = await engineCalls(world, () => world.housekeep());
    expect(calls.readLiveness).toBe(0);
    expect((await row())?.['starts']).toBe(3);
  });

  test('what Rekognition has forgotten, since the check was late, stays counted: it may have been paid for', async () => {
    await abandon(MOST_STARTS, { result: null });
    world.advance(600);
    await world.housekeep();
    expect((await row())?.['starts']).toBe(MOST_STARTS);
    // It was never a guess that counts towards a lock.
    expect(await row()).toMatchObject({ failures: 0, guesses: 0 });
  });

  test('T77 Rekognition is not asked for what it must have forgotten, nor for anything after the run is over', async () => {
    await abandon(MOST_STARTS, EMPTY);
    world.advance(LOOK_SECONDS);
    let seconds = 0;
    const clock = () => epochSeconds(world.now() + seconds);
    const pause = async () => {
      seconds += 10;
    };
    const asked = await engineCalls(world, () => world.housekeep({ clock, pause }));
    expect(asked.readLiveness).toBe(4);
    world.advance(180 - LOOK_SECONDS);
    const forgotten = await engineCalls(world, () => world.housekeep());
    expect(forgotten.readLiveness).toBe(0);
  });

  test('while Rekognition is unavailable the check is tried again, and then succeeds', async () => {
    await abandon(12, EMPTY);
    world.advance(LOOK_SECONDS);
    await world.housekeep({ faces: { readLiveness: () => Promise.reject(new Error('down')) } });
    expect((await row())?.['starts']).toBe(12);
    world.advance(60);
    await world.housekeep();
    expect((await row())?.['starts']).toBe(3);
  });

  test('ordinary logins ask Rekognition nothing and queue no check', async () => {
    await abandon(3, EMPTY);
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
    world.advance(LOOK_SECONDS);
    const calls = await engineCalls(world, () => world.housekeep());
    expect(calls.readLiveness).toBe(0);
  });
});

test('T77 credentials for the stream end before housekeeping checks, so that no stream begins after its start was given back', async () => {
  const untils: number[] = [];
  const { streamCredentials } = world.ports;
  const issue: typeof streamCredentials.issue = (name, until) => {
    untils.push(until - world.now());
    return streamCredentials.issue(name, until);
  };
  const handlers = world.handlersWith({ streamCredentials: { region: streamCredentials.region, issue } });
  await (await login(handlers)).start('verify');
  expect(untils).toHaveLength(1);
  expect(untils[0]).toBeLessThan(LOOK_SECONDS);
});
