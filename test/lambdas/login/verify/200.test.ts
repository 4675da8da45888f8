import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsOf, storedFaces, userRow } from '../../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const enrolled = async (options: Parameters<World['newIntegration']>[0] = {}) => {
  const integration = await world.newIntegration(options);
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const row = () => userRow(world, integration.integrationId, sub);
  return { integration, sub, row, browser: await openLogin(world, integration, sub) };
};

describe('T41 the threshold of the integration decides, exactly', () => {
  test.each([
    [99, 99, 'verified'],
    [99, 98.9999, 'not_verified'],
    [99.5, 99.4999, 'not_verified'],
    [95, 95, 'verified'],
    [95, 94.9999, 'not_verified'],
    [99, Number.NaN, 'not_verified'],
    [99, 100.0001, 'not_verified'],
    [99, -1, 'not_verified'],
    [99, '99.9' as unknown as number, 'not_verified'],
    [100, 100, 'verified'],
  ])('threshold %s, similarity %s: %s', async (similarityThreshold, similarity, outcome) => {
    const { browser } = await enrolled({ similarityThreshold });
    world.faces.similarity = similarity;
    expect(
      await browser.attempt(world, 'verify').finally(() => {
        world.faces.similarity = 99.9;
      }),
    ).toMatchObject({ outcome });
  });
  test.each([
    [90, 90, 'verified'],
    [90, 89.9999, 'not_verified'],
    [80, 79.9999, 'not_verified'],
  ] as const)('liveness threshold %s, confidence %s: %s', async (livenessThreshold, confidence, outcome) => {
    const { browser } = await enrolled({ livenessThreshold });
    expect(await browser.attempt(world, 'verify', { confidence })).toMatchObject({ outcome });
  });
});

test('T40 a second face next to the right one does not pass', async () => {
  for (const faces of [0, 2, 100]) {
    const { browser } = await enrolled();
    expect((await browser.attempt(world, 'verify', { faces })).outcome).toBe('not_verified');
  }
});

test('T36 T38 neither a foreign liveness result nor another challenge is judged as a match', async () => {
  const { browser } = await enrolled();
  expect((await browser.attempt(world, 'verify', { result: { livenessId: 'theirs' } })).outcome).toBe('unavailable');
  expect((await browser.attempt(world, 'verify', { result: { challenge: 'FaceMovementChallenge' } })).outcome).toBe(
    'not_verified',
  );
  expect((await browser.attempt(world, 'verify', { status: 'IN_PROGRESS' })).outcome).toBe('unavailable');
});

test('T43 no live face and no match give one answer: it does not disclose which check failed', async () => {
  const [notLive, noMatch] = [await enrolled(), await enrolled()];
  const hints = ['too_dark'] as const;
  const first = await notLive.browser.attempt(world, 'verify', { confidence: 10, hints });
  const second = await noMatch.browser.attempt(world, 'verify', { person: 'mallory', hints });
  expect(first).toMatchObject({ outcome: 'not_verified', hints });
  expect(second).toEqual(first);
});

test('T45 thirty verifications leave the reference unchanged', async () => {
  const { integration, sub, row } = await enrolled();
  const { reference, version } = (await row()) ?? {};
  const objects = await storedFaces(world);
  for (let times = 0; times < 30; times += 1) {
    const browser = await openLogin(world, integration, sub);
    expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  }
  expect(await row()).toMatchObject({ reference, version, failures: 0 });
  expect(await storedFaces(world)).toEqual(objects);
});

test('T41 nobody verifies against a reference of another engine', async () => {
  const { integration, sub } = await enrolled();
  const newer = world.handlersWith({ engine: 'another-engine' });
  const browser = await openLogin(world, integration, sub, { handlers: newer });
  expect(await browser.view()).toMatchObject({ task: 'verify', state: 'finished', outcome: 'not_enrolled' });
});

test('a success extends the retention and stores a renewed consent', async () => {
  const { integration, sub, row } = await enrolled();
  const text = 'A new text that lawyers wrote, long enough to be one.';
  await world.change(integration.integrationId, { consent: { version: '2', text, retentionDays: 30 } });
  const browser = await openLogin(world, integration, sub);
  await browser.attempt(world, 'verify');
  expect(await row()).toMatchObject({
    consent: { version: '2' },
    purgeAt: world.now() + 30 * 86_400,
    lastVerifiedAt: world.now(),
  });
});

test('T51 completing a failed attempt again changes nothing, and gives the same answer', async () => {
  const { browser, integration, row } = await enrolled();
  const first = await browser.attempt(world, 'verify', { person: 'mallory', hints: ['too_dark'] });
  const repeated = await Promise.all(Array.from({ length: 10 }, () => browser.complete('verify', 1)));
  for (const { body } of repeated) expect(JSON.parse(body ?? '')).toEqual(first);
  expect((await row())?.['failures']).toBe(1);
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(1);
});

test('T51 completing an attempt without a result again gives the same answer, and releases it once', async () => {
  const { browser, row } = await enrolled();
  const first = await browser.attempt(world, 'verify', { result: null });
  expect(first).toMatchObject({ state: 'again', outcome: 'expired' });
  const repeated = await Promise.all(Array.from({ length: 5 }, () => browser.complete('verify', 1)));
  for (const { body } of repeated) expect(JSON.parse(body ?? '')).toEqual(first);
  expect((await row())?.['failures']).toBe(0);
});

test('T53 disabled between any two steps: no step succeeds after it, and the result says disabled', async () => {
  for (const step of ['start', 'complete', 'return']) {
    const { browser, integration } = await enrolled();
    const off = () => world.change(integration.integrationId, { enabled: false });
    if (step === 'start') await off();
    const started = JSON.parse((await browser.start('verify')).body ?? '');
    if (started.state === 'started') world.faces.play(started.livenessSessionId, {});
    if (step === 'complete') await off();
    await browser.complete('verify', 1);
    if (step === 'return') await off();
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload, step).toMatchObject({ res: 'disabled', event: null, vat: null });
  }
});

test('T56 a match after the login’s time does not count', async () => {
  const { browser, integration } = await enrolled();
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, {});
  world.advance(600);
  expect(JSON.parse((await browser.complete('verify', 1)).body ?? '')).toMatchObject({
    state: 'finished',
    outcome: 'expired',
  });
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('expired');
});

test('T56 nor does one that is found while the time runs out', async () => {
  const { integration, sub } = await enrolled();
  const slow = world.handlersWith({
    references: new Proxy(world.ports.references, {
      get: (target, member) =>
        member === 'load'
          ? (...values: Parameters<typeof target.load>) => {
              world.advance(600);
              return target.load(...values);
            }
          : Reflect.get(target, member, target).bind(target),
    }),
  });
  const browser = await openLogin(world, integration, sub, { handlers: slow });
  expect(await browser.attempt(world, 'verify')).toMatchObject({ state: 'finished', outcome: 'expired' });
});
