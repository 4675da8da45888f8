import { cp } from 'node:fs/promises';
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreRows, type TableVariable } from '../../bin/restore/restore-rows.ts';
import { PortalUserStore } from '../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import { parseUser } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import { newEvent } from '../../lambdas/core/model/event.ts';
import type { User } from '../../lambdas/core/model/user.ts';
import { TABLES } from '../../lambdas/tables.ts';
import { createTables, definedTables, type TableNames } from '../../local/dynamodb/create-tables.ts';
import { rowsOf, storedFaces, userRow } from '../support/inspect.ts';
import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../support/login.ts';
import { createWorld, type TestIntegration, type World, type WorldOptions } from '../support/world.ts';

// docs/runbook.md, "The region is lost": a stage with multi-Region keys, a standby stage in another region with replicas of them, and the
// copies of the tables that are kept there.

const [HOME, STANDBY] = ['eu-west-1', 'eu-central-1'] as const;
const KEY_IDS = { integrations: `mrk-${'1'.repeat(32)}`, faces: `mrk-${'2'.repeat(32)}` };
const arn = (region: string, keyId: string): string => `arn:aws:kms:${region}:000000000000:key/${keyId}`;
const keysIn = (region: string): WorldOptions => ({
  region,
  keys: { integrations: arn(region, KEY_IDS.integrations), faces: arn(region, KEY_IDS.faces) },
  keyNames: Object.values(KEY_IDS),
});

const ALL = Object.keys(TABLES) as TableVariable[];
const copyOf = (world: World, table: TableVariable): string => `${world.tables[table]}-copy`;
const WEBHOOK = 'webhook-of-home';
const webhookSecret = Buffer.alloc(32, 7);

/** What the standby region holds of each table: the copy of a backup, restored under another name. */
const copyTables = async (from: World, to: World): Promise<void> => {
  const names = Object.fromEntries(ALL.map((name) => [name, copyOf(to, name)])) as TableNames;
  await createTables(to.documents as never, definedTables(names));
  for (const table of ALL) {
    for (const Item of await rowsOf(from, table)) {
      await to.documents.send(new PutCommand({ TableName: copyOf(to, table), Item }));
    }
  }
};

const restoreAll = async (world: World) => {
  const faces = { client: world.s3Client, bucket: 'faces' };
  const counts: Partial<Record<TableVariable, Awaited<ReturnType<typeof restoreRows>>>> = {};
  for (const table of ALL.filter((name) => name !== 'SESSION_TABLE')) {
    const task = { table, from: copyOf(world, table), to: world.tables[table] };
    counts[table] = await restoreRows({ documents: world.documents, faces }, task);
  }
  return counts;
};

const deleteUser = async (world: World, user: User): Promise<void> => {
  const { USER_TABLE: users, DUE_WORK_TABLE: jobs } = world.tables;
  const { integrationId, externalId } = user;
  const event = newEvent('user.deleted', world.now(), { integrationId, externalId });
  await new PortalUserStore(world.documents, { users, jobs }).erase(user, null, event);
  await world.ports.references.remove({ objectKey: user.reference?.objectKey ?? '' });
};

const disable = async (world: World, integration: TestIntegration, externalId: string): Promise<void> => {
  const row = await userRow(world, integration.integrationId, externalId);
  const listedAs = `${integration.integrationId}#disabled`;
  await world.putRow('USER_TABLE', { ...row, disabled: { at: world.now(), reason: 'left the company' }, listedAs });
};

const copyFace = async (from: World, to: World, objectKey: string): Promise<void> => {
  const { Body } = await from.s3Client.send(new GetObjectCommand({ Bucket: 'faces', Key: objectKey }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  await to.s3Client.send(new PutObjectCommand({ Bucket: 'faces', Key: objectKey, Body: bytes }));
};

const prepare = async () => {
  const home = await createWorld(keysIn(HOME));
  const replicate = (folder: string) => cp(`${home.folder}/kms`, folder, { recursive: true });
  const [standby, stranger] = await Promise.all([
    createWorld({ ...keysIn(STANDBY), prepareKms: replicate }),
    createWorld(keysIn(STANDBY)),
  ]);
  const integration = await home.newIntegration();
  const [stays, copied, deleted, disabled] = [1, 2, 3, 4].map(() => home.newExternalId()) as [string, ...string[]];
  const subs = { stays, copied: copied ?? '', deleted: deleted ?? '', disabled: disabled ?? '' };
  for (const sub of Object.values(subs)) await enroll(home, integration, sub);
  await disable(home, integration, subs.disabled);
  const wrapped = await home.webhookSecrets.seal(WEBHOOK, 1, webhookSecret);
  const user = async (sub: string) => parseUser(await userRow(home, integration.integrationId, sub));
  await Promise.all([copyTables(home, standby), copyTables(home, stranger)]);
  await copyFace(home, standby, (await user(subs.copied)).reference?.objectKey ?? '');
  // After the last copy, one user is deleted. Then the region is lost: nothing there answers any more.
  await deleteUser(home, await user(subs.deleted));
  await home.close();
  return { standby, stranger, integration, subs, wrapped, counts: await restoreAll(standby) };
};

let prepared: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  prepared = await prepare();
});
afterAll(() => Promise.all([prepared.standby.close(), prepared.stranger.close()]));

const logIn = async (sub: string, task: 'enroll' | 'verify'): Promise<unknown> => {
  const { standby, integration } = prepared;
  const browser = await openLogin(standby, integration, sub);
  const { state } = await browser.view();
  if (state === 'open') await browser.attempt(standby, task);
  return (await readReturnPage(standby, integration, await browser.giveBack())).payload['res'];
};

describe('when the region is lost, in the standby stage', () => {
  test('integrations keep their Session Secret, and users enroll again and log in', async () => {
    const { standby, integration, subs } = prepared;
    expect(prepared.counts.USER_TABLE).toEqual({ copied: 2, stoodAlready: 0, withoutFace: 2 });
    expect(await userRow(standby, integration.integrationId, subs.stays)).toBeUndefined();
    expect(await logIn(subs.stays, 'enroll')).toBe('enrolled');
    expect(await logIn(subs.stays, 'verify')).toBe('verified');
  });

  test('a face that was copied there is verified without a new enrollment', async () => {
    expect(await logIn(prepared.subs.copied, 'verify')).toBe('verified');
  });

  test('webhooks keep their secrets', async () => {
    const secret = { generation: 1, wrapped: prepared.wrapped } as Parameters<World['webhookSecrets']['open']>[1];
    expect(Buffer.from(await prepared.standby.webhookSecrets.open(WEBHOOK, secret))).toEqual(webhookSecret);
  });

  test('T74 who was deleted since stays deleted, and no face of theirs is there', async () => {
    const { standby, integration, subs } = prepared;
    expect(await userRow(standby, integration.integrationId, subs.deleted)).toBeUndefined();
    // Jobs of the lost region, some of whose sessions and faces are not here.
    standby.advance(2 * 3600);
    await standby.housekeep();
    expect(standby.log.map(({ code }) => code).filter((code) => code.startsWith('due-work-'))).toEqual([]);
    expect(await storedFaces(standby)).not.toEqual([]);
    const used = (await rowsOf(standby, 'USER_TABLE')).map((row) => parseUser(row).reference?.objectKey);
    for (const face of await storedFaces(standby)) expect(used).toContain(face);
  });

  test('T74 who was disabled stays disabled, although the face is lost', async () => {
    const { standby, integration, subs } = prepared;
    const row = parseUser(await userRow(standby, integration.integrationId, subs.disabled));
    expect(row).toMatchObject({ disabled: { reason: 'left the company' }, reference: null, consent: null });
    expect(await logIn(subs.disabled, 'verify')).toBe('disabled');
  });
});

test('with keys of its own, a stage in another region opens no login of the lost one: nobody is let in', async () => {
  const { stranger, integration, subs } = prepared;
  await restoreAll(stranger);
  const claims = claimsFor(stranger, integration, subs.stays);
  const token = await signToken(claims, stranger.keysOf(integration).request);
  expect((await new Browser(stranger.handlers).open(integration.integrationId, token)).statusCode).toBe(503);
});

test('a replica has the id of its primary key, and an ARN of its own: that of another region names nothing', async () => {
  const { kmsClient } = prepared.standby;
  const own = arn(STANDBY, KEY_IDS.faces);
  const Plaintext = Buffer.from('secret');
  const sealed = await kmsClient.send(new EncryptCommand({ KeyId: KEY_IDS.faces, Plaintext }));
  expect(sealed.KeyId).toBe(own);
  const { CiphertextBlob } = sealed;
  expect((await kmsClient.send(new DecryptCommand({ KeyId: own, CiphertextBlob }))).KeyId).toBe(own);
  for (const command of [
    new EncryptCommand({ KeyId: arn(HOME, KEY_IDS.faces), Plaintext }),
    new DecryptCommand({ KeyId: arn(HOME, KEY_IDS.faces), CiphertextBlob }),
    new GenerateDataKeyCommand({ KeyId: arn(HOME, KEY_IDS.faces), KeySpec: 'AES_256' }),
  ]) {
    await expect(kmsClient.send(command as EncryptCommand)).rejects.toMatchObject({ name: 'NotFoundException' });
  }
});
