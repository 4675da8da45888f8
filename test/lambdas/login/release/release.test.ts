import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineCalls, problemOf, userRow } from '../../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const enrolled = async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const row = () => userRow(world, integration.integrationId, sub);
  const failures = async () => (await row())?.['failures'];
  return { integration, sub, row, failures, browser: await openLogin(world, integration, sub) };
};

test('204 - a released attempt is not used up, and is not a guess', async () => {
  const { browser, row } = await enrolled();
  await browser.start('verify');
  expect((await browser.send('releaseAttempt', { attempt: 1 })).statusCode).toBe(204);
  expect(await row()).toMatchObject({ failures: 0, guesses: 0 });
  expect((await browser.view()).attemptsLeft).toBe(3);
});

test('T77 a session is started six times at most, however often its attempts are released', async () => {
  const { browser, integration, failures } = await enrolled();
  const left: number[] = [];
  const calls = await engineCalls(world, async () => {
    for (let start = 1; start <= 6; start += 1) {
      await browser.start('verify');
      await browser.send('releaseAttempt', { attempt: start });
      left.push((await browser.view()).attemptsLeft);
    }
    expect(JSON.parse((await browser.start('verify')).body ?? '')).toEqual({ state: 'finished' });
  });
  expect(left).toEqual([3, 3, 3, 2, 1, 0]);
  expect(calls.createLiveness).toBe(6);
  expect(await failures()).toBe(0);
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('unavailable');
});

test('T54 a released attempt cannot be judged: a release discloses nothing', async () => {
  const { browser } = await enrolled();
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person: 'mallory' });
  await browser.send('releaseAttempt', { attempt: 1 });
  const calls = await engineCalls(world, async () => {
    expect(problemOf(await browser.complete('verify', 1)).code).toBe('no-attempt');
  });
  expect(calls).toEqual({ createLiveness: 0, readLiveness: 0, countFaces: 0, compare: 0 });
});

test('T54 T51 releasing twice, or 20 times concurrently, takes nothing off other failures', async () => {
  const { browser, integration, sub, row } = await enrolled();
  const other = await openLogin(world, integration, sub);
  await other.attempt(world, 'verify', { person: 'mallory' });
  await browser.start('verify');
  await Promise.all(Array.from({ length: 20 }, () => browser.send('releaseAttempt', { attempt: 1 })));
  await browser.send('releaseAttempt', { attempt: 1 });
  expect(await row()).toMatchObject({ failures: 1, guesses: 1 });
});

test('T54 a judged attempt is not released', async () => {
  const { browser, failures } = await enrolled();
  await browser.attempt(world, 'verify', { person: 'mallory' });
  expect((await browser.send('releaseAttempt', { attempt: 1 })).statusCode).toBe(204);
  expect(await failures()).toBe(1);
});

test('T54 releasing and completing concurrently: judged and counted, or neither', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { browser, failures } = await enrolled();
    const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
    world.faces.play(livenessSessionId, { person: 'mallory' });
    const [completed] = await Promise.all([
      browser.complete('verify', 1),
      browser.send('releaseAttempt', { attempt: 1 }),
    ]);
    const isJudged = completed.statusCode === 200;
    expect(await failures()).toBe(isJudged ? 1 : 0);
    if (isJudged) expect(JSON.parse(completed.body ?? '')).toMatchObject({ outcome: 'not_verified' });
  }
});

test('409 - an attempt that is not the current one', async () => {
  const { browser } = await enrolled();
  for (const attempt of [1, 2]) {
    expect(problemOf(await browser.send('releaseAttempt', { attempt })).code).toBe('attempt-superseded');
  }
  await browser.start('verify');
  expect(problemOf(await browser.send('releaseAttempt', { attempt: 2 })).code).toBe('attempt-superseded');
});
