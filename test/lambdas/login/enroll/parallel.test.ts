import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf, storedFaces, userRow } from '../../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const LOCKOUT = { enabled: true, maxFailedAttempts: 10, windowSeconds: 3600, lockSeconds: 1800 };

test('T47 of eight tabs that enroll one user concurrently, one wins: one reference, no orphan, a conflict for the losers (10 times)', async () => {
  const integration = await world.newIntegration({ lockout: LOCKOUT, noticesByEmail: true });
  const before = (await storedFaces(world)).length;
  await world.housekeep();
  const noticesBefore = world.notices.length;
  for (let round = 0; round < 10; round += 1) {
    const sub = world.newExternalId();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => openLogin(world, integration, sub)));
    const answers = await Promise.all(tabs.map((tab) => tab.attempt(world, 'enroll')));
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual([...Array(7).fill('conflict'), 'enrolled']);
    const row = await userRow(world, integration.integrationId, sub);
    expect(row).toMatchObject({ version: 1, failures: 0 });
    const { objectKey } = (row?.['reference'] ?? {}) as { objectKey?: string };
    await world.s3Client.send(new GetObjectCommand({ Bucket: 'faces', Key: objectKey }));
  }
  expect(await storedFaces(world)).toHaveLength(before + 10);
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(10 * 8);
  await world.housekeep();
  expect(world.notices).toHaveLength(noticesBefore + 10);
});

test('T47 a double click on complete enrolls once', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub);
  const { livenessSessionId } = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
  world.faces.play(livenessSessionId, {});
  const before = (await storedFaces(world)).length;
  const answers = await Promise.all(Array.from({ length: 8 }, () => browser.complete('enroll', 1)));
  for (const { body } of answers)
    expect(JSON.parse(body ?? '')).toMatchObject({ state: 'finished', outcome: 'enrolled' });
  expect(await storedFaces(world)).toHaveLength(before + 1);
  expect(await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId)).toHaveLength(1);
});

test('T54 a double click on start counts once, and only the latest attempt continues', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub);
  const answers = await Promise.all(Array.from({ length: 8 }, () => browser.start('enroll', '2026-11')));
  // How many start depends on how they interleave; each later one replaces the one before it.
  const started = answers.filter(({ statusCode }) => statusCode === 200).map(({ body }) => JSON.parse(body ?? ''));
  expect(started.length).toBeGreaterThanOrEqual(1);
  for (const { statusCode } of answers) expect([200, 409]).toContain(statusCode);
  // One that was replaced before it had a liveness session is given back.
  expect((await userRow(world, integration.integrationId, sub))?.['starts']).toBe(started.length);
  const [latest, ...replaced] = started.toSorted((one, other) => other.attempt - one.attempt);
  for (const { attempt } of replaced) expect((await browser.complete('enroll', attempt)).statusCode).toBe(409);
  world.faces.play(latest.livenessSessionId, {});
  expect(JSON.parse((await browser.complete('enroll', latest.attempt)).body ?? '')).toMatchObject({
    outcome: 'enrolled',
  });
});

const deleteRow = (integrationId: string, externalId: string) =>
  world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key: { integrationId, externalId } }));

test.each(['after opening', 'after start'])(
  'T28 a user deleted %s: a verification does not turn into an enrollment',
  async (when) => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const browser = await openLogin(world, integration, sub);
    if (when === 'after opening') await deleteRow(integration.integrationId, sub);
    const started = JSON.parse((await browser.start('verify')).body ?? '');
    if (when === 'after start') await deleteRow(integration.integrationId, sub);
    if (started.state === 'started') {
      world.faces.play(started.livenessSessionId, { person: 'alice' });
      expect(JSON.parse((await browser.complete('verify', 1)).body ?? '')).toMatchObject({
        state: 'finished',
        outcome: 'conflict',
      });
    }
    const { payload } = await readReturnPage(world, integration, await browser.giveBack());
    expect(payload['res']).toBe('conflict');
    expect((await userRow(world, integration.integrationId, sub)) ?? {}).not.toHaveProperty('reference');
  },
);

test('T28 T29 a user deleted and enrolled again is not verified against the old face', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub, 'alice');
  const old = await openLogin(world, integration, sub);
  await deleteRow(integration.integrationId, sub);
  await enroll(world, integration, sub, 'bob');
  // Version 1 again, but another reference: alice's face must not open bob's account.
  const answer = await old.attempt(world, 'verify', { person: 'alice' });
  expect(answer).toMatchObject({ state: 'finished', outcome: 'conflict' });
});

test('T28 a login whose user is deleted while enrolling ends in a conflict, and nothing is stored', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  const browser = await openLogin(world, integration, sub);
  const { livenessSessionId } = JSON.parse((await browser.start('enroll', '2026-11')).body ?? '');
  world.faces.play(livenessSessionId, {});
  await deleteRow(integration.integrationId, sub);
  const before = await storedFaces(world);
  expect(JSON.parse((await browser.complete('enroll', 1)).body ?? '').outcome).toBe('conflict');
  expect(await userRow(world, integration.integrationId, sub)).toBeUndefined();
  expect(await storedFaces(world)).toEqual(before);
});

test('T75 a face past its retention has to be enrolled again, even before the TTL has removed its row', async () => {
  const consent = { version: '1', text: 'A consent with a retention of one day, which is short.', retentionDays: 1 };
  const integration = await world.newIntegration({ consent });
  const sub = world.newExternalId();
  await enroll(world, integration, sub, 'alice');
  world.advance(86_400);
  const browser = await openLogin(world, integration, sub);
  expect(await browser.view()).toMatchObject({ task: 'enroll', consent: { version: '1' } });
  expect(await browser.attempt(world, 'enroll', { person: 'alice' })).toMatchObject({ outcome: 'enrolled' });
  expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ version: 2 });
});
