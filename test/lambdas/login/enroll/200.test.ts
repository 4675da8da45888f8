import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf, storedFaces, userRow } from '../../../support/inspect.ts';
import { openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, START, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const login = async (options: Parameters<World['newIntegration']>[0] = {}) => {
  const integration = await world.newIntegration(options);
  const sub = world.newExternalId();
  const row = () => userRow(world, integration.integrationId, sub);
  return { integration, sub, row, browser: await openLogin(world, integration, sub) };
};

test('T37 the browser gets credentials for one stream, for three minutes', async () => {
  const { browser } = await login();
  const started = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
  expect(started).toMatchObject({ state: 'started', attempt: 1, attemptsLeft: 2, region: 'eu-west-1' });
  expect(started.credentials.accessKeyId).toMatch(/^ASIA/);
  expect(started.credentials.expiresAt).toBeLessThanOrEqual(START + 180);
});

test('T75 the consent is stored with the face: version, hash of the text, language and time', async () => {
  const { browser, row } = await login();
  const { text = '' } = (await browser.view()).consent ?? {};
  await browser.attempt(world, 'enroll');
  expect(await row()).toMatchObject({
    version: 1,
    failures: 0,
    consent: {
      version: '2026-11',
      textSha256: createHash('sha256').update(text).digest('hex'),
      locale: 'en',
      at: world.now(),
    },
    reference: { engine: 'rekognition-compare-faces', enrolledAt: world.now() },
    purgeAt: world.now() + 1095 * 86_400,
  });
});

test('T43 T72 one sealed object under a random name; the record has bands and no picture', async () => {
  const { browser, integration, row } = await login();
  await browser.attempt(world, 'enroll', { confidence: 97.3 });
  const reference = (await row())?.['reference'] as { objectKey: string };
  expect((await storedFaces(world)).filter((name) => name === reference.objectKey)).toHaveLength(1);
  expect(reference.objectKey).toMatch(/^faces\/[\w-]{32}$/);
  const [record] = await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId);
  expect(record).toMatchObject({ outcome: 'enrolled', verdicts: [{ livenessBand: 90 }] });
  expect(JSON.stringify(record)).not.toContain('97.3');
});

test('T40 several faces, or none, enroll nobody and leave no object', async () => {
  for (const faces of [0, 2, 100]) {
    const { browser, row } = await login();
    const before = await storedFaces(world);
    expect(await browser.attempt(world, 'enroll', { faces })).toMatchObject({
      state: 'again',
      outcome: 'not_verified',
    });
    expect(await row()).not.toHaveProperty('reference');
    expect(await storedFaces(world)).toEqual(before);
  }
});

test('T41 a face that is not live enough enrolls nobody, and its picture is not stored at all', async () => {
  for (const [confidence, outcome] of [
    [89.999, 'not_verified'],
    [90, 'enrolled'],
    [Number.NaN, 'not_verified'],
  ] as const) {
    const { browser } = await login();
    const before = (await storedFaces(world)).length;
    expect(await browser.attempt(world, 'enroll', { confidence })).toMatchObject({ outcome });
    expect(await storedFaces(world)).toHaveLength(before + (outcome === 'enrolled' ? 1 : 0));
  }
});

test('T36 the result of a liveness session other than this attempt’s is not used', async () => {
  const { browser, row } = await login();
  const answer = await browser.attempt(world, 'enroll', { result: { livenessId: 'of-another-person' } });
  expect(answer).toMatchObject({ state: 'again', outcome: 'unavailable' });
  expect(await row()).not.toHaveProperty('reference');
  expect((await row())?.['failures']).toBe(0);
});

test('T38 a challenge other than the one the server chose is not live', async () => {
  const { browser } = await login();
  const answer = await browser.attempt(world, 'enroll', { result: { challenge: 'FaceMovementChallenge' } });
  expect(answer.outcome).toBe('not_verified');
});

test('T52 an expired liveness session uses up no attempt and does not count; the login ends after six starts', async () => {
  const { browser, row } = await login();
  for (const left of [3, 3, 3, 2, 1]) {
    const answer = await browser.attempt(world, 'enroll', { result: null });
    expect(answer).toEqual({ state: 'again', outcome: 'expired', attemptsLeft: left, hints: [] });
    expect((await row())?.['failures']).toBe(0);
  }
  expect(await browser.attempt(world, 'enroll', { result: null })).toMatchObject({
    state: 'finished',
    outcome: 'unavailable',
  });
  expect((await row())?.['failures']).toBe(0);
});

test('T75 a consent other than the current one opens no camera', async () => {
  const { browser, row } = await login();
  for (const version of [undefined, '2026-10', '', '2026-11 ']) {
    const answer = await browser.start('enroll', version);
    expect([400, 409]).toContain(answer.statusCode);
  }
  expect(await row()).toBeUndefined();
  expect((await browser.start('enroll', '2026-11')).statusCode).toBe(200);
});

test('T51 repeated completion has one effect, one answer, one result', async () => {
  const { browser, integration } = await login();
  const first = await browser.attempt(world, 'enroll');
  const objects = await storedFaces(world);
  const again = await Promise.all(Array.from({ length: 10 }, () => browser.complete('enroll', 1)));
  for (const answer of again) expect(JSON.parse(answer.body ?? '')).toEqual(first);
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(1);
  expect(await storedFaces(world)).toEqual(objects);
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  const { payload: repeated } = await readReturnPage(world, integration, await browser.giveBack());
  expect(repeated).toEqual(payload);
});

test('T26 the user is notified by e-mail, unless the operator switched that off; the mail quotes the support id', async () => {
  for (const noticesByEmail of [true, false]) {
    const { browser } = await login({ noticesByEmail });
    await world.housekeep();
    const before = world.notices.length;
    const { supportId } = await browser.view();
    await browser.attempt(world, 'enroll');
    await world.housekeep();
    expect(world.notices.slice(before)).toMatchObject(noticesByEmail ? [{ to: 'alice@example.com', supportId }] : []);
  }
});

test('T53 an integration disabled between any two steps ends the login without a face', async () => {
  const { browser, integration, row } = await login();
  const off = () => world.change(integration.integrationId, { enabled: false });
  await browser.start('enroll', '2026-11');
  await off();
  expect(JSON.parse((await browser.complete('enroll', 1)).body ?? '')).toMatchObject({
    state: 'finished',
    outcome: 'disabled',
  });
  expect(await row()).not.toHaveProperty('reference');
  const second = await login();
  await world.change(second.integration.integrationId, { enabled: false });
  expect(JSON.parse((await second.browser.start('enroll', '2026-11')).body ?? '')).toEqual({ state: 'finished' });
  expect((await second.browser.view()).outcome).toBe('disabled');
});
