import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, userRow } from '../../../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../../../support/login.ts';
import { createWorld, type TestIntegration, type World } from '../../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface StoredReference {
  readonly referenceId: string;
  readonly objectKey: string;
  readonly wrappedKey: string;
  readonly engine: string;
}
const referenceOf = async ({ integrationId }: TestIntegration, sub: string): Promise<StoredReference> =>
  ((await userRow(world, integrationId, sub))?.['reference'] ?? {}) as StoredReference;

const setReference = ({ integrationId }: TestIntegration, externalId: string, reference: object) =>
  world.documents.send(
    new UpdateCommand({
      TableName: world.tables.USER_TABLE,
      Key: { integrationId, externalId },
      UpdateExpression: 'SET #reference = :reference',
      ExpressionAttributeNames: { '#reference': 'reference' },
      ExpressionAttributeValues: { ':reference': reference },
    }),
  );

const readObject = async (Key: string): Promise<Uint8Array> => {
  const { Body } = await world.s3Client.send(new GetObjectCommand({ Bucket: 'faces', Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
};
const writeObject = (Key: string, Body: Uint8Array) =>
  world.s3Client.send(new PutObjectCommand({ Bucket: 'faces', Key, Body }));

/** Two users under one integration: a thief with the thief's own face, and a victim. */
const twoUsers = async () => {
  const integration = await world.newIntegration();
  const [thief, victim] = [world.newExternalId(), world.newExternalId()];
  await enroll(world, integration, thief, 'thief');
  await enroll(world, integration, victim, 'victim');
  return { integration, thief, victim };
};

/** The thief tries to log in as the victim: the outcome must be "unavailable", signed, and never a success. */
const expectUnavailable = async (integration: TestIntegration, sub: string) => {
  const browser = await openLogin(world, integration, sub);
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person: 'thief' });
  expect(problemOf(await browser.complete('verify', 1))).toMatchObject({ status: 503, code: 'unavailable' });
  await browser.send('endSession', { reason: 'unavailable' });
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload).toMatchObject({ res: 'unavailable', event: null, vat: null });
  expect((await userRow(world, integration.integrationId, sub))?.['failures']).toBe(0);
};

test('T44 the thief’s picture under the victim’s name is not compared with', async () => {
  const { integration, thief, victim } = await twoUsers();
  const [own, other] = [await referenceOf(integration, thief), await referenceOf(integration, victim)];
  await writeObject(other.objectKey, await readObject(own.objectKey));
  await expectUnavailable(integration, victim);
});

test('T44 nor is it with the thief’s key, name or whole reference in the victim’s row', async () => {
  const { integration, thief, victim } = await twoUsers();
  const [own, other] = [await referenceOf(integration, thief), await referenceOf(integration, victim)];
  const swaps = [
    own,
    { ...other, wrappedKey: own.wrappedKey },
    { ...other, objectKey: own.objectKey },
    { ...own, referenceId: other.referenceId },
    { ...own, objectKey: other.objectKey },
  ];
  for (const swapped of swaps) {
    await setReference(integration, victim, swapped);
    await expectUnavailable(integration, victim);
  }
  await setReference(integration, victim, other);
  const owner = await openLogin(world, integration, victim);
  expect((await owner.attempt(world, 'verify', { person: 'victim' })).outcome).toBe('verified');
});

test('T44 T30 nor is it under another integration, for the same External ID', async () => {
  const sub = world.newExternalId();
  const [one, other] = [await world.newIntegration(), await world.newIntegration()];
  await enroll(world, one, sub, 'thief');
  await enroll(world, other, sub, 'victim');
  await setReference(other, sub, await referenceOf(one, sub));
  await expectUnavailable(other, sub);
});

test('T44 an older picture of the same user, and an altered, a truncated and a missing one are refused', async () => {
  const { integration, victim } = await twoUsers();
  const { objectKey } = await referenceOf(integration, victim);
  const bytes = await readObject(objectKey);
  for (const at of [0, 12, bytes.length - 1]) {
    const altered = Uint8Array.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await writeObject(objectKey, altered);
    await expectUnavailable(integration, victim);
  }
  for (const short of [new Uint8Array(), bytes.subarray(0, 20), bytes.subarray(0, bytes.length - 1)]) {
    await writeObject(objectKey, short);
    await expectUnavailable(integration, victim);
  }
  await setReference(integration, victim, { ...(await referenceOf(integration, victim)), objectKey: 'faces/gone' });
  await expectUnavailable(integration, victim);
});

test('T44 a wrapped key that is not a ciphertext at all ends the same way', async () => {
  const { integration, victim } = await twoUsers();
  const reference = await referenceOf(integration, victim);
  for (const wrappedKey of ['', 'AAAA', 'not base64 !', reference.wrappedKey.slice(0, -8)]) {
    await setReference(integration, victim, { ...reference, wrappedKey });
    await expectUnavailable(integration, victim);
  }
});

test('T28 a reference changed while the person is in front of the camera is a conflict, not a match', async () => {
  const { integration, thief, victim } = await twoUsers();
  const browser = await openLogin(world, integration, victim);
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person: 'victim' });
  await setReference(integration, victim, await referenceOf(integration, thief));
  expect(JSON.parse((await browser.complete('verify', 1)).body ?? '')).toMatchObject({
    state: 'finished',
    outcome: 'conflict',
  });
});
