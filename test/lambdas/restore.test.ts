import { S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restoreRows, type TableVariable } from '../../bin/restore/restore-rows.ts';
import { PortalUserStore } from '../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import { listedAs, parseUser } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import { newEvent } from '../../lambdas/core/model/event.ts';
import { TABLES } from '../../lambdas/tables.ts';
import { createTables, definedTables, type TableNames } from '../../local/dynamodb/create-tables.ts';
import { rowsOf, storedFaces, userRow } from '../support/inspect.ts';
import { clientOf, issueFor } from '../support/local-aws.ts';
import { enroll, openLogin, readReturnPage } from '../support/login.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const ALL = Object.keys(TABLES) as TableVariable[];
const restored = (table: TableVariable): string => `${world.tables[table]}-restored`;

/** What point-in-time recovery creates: each table as it is now, under another name. */
const recoverNow = async (): Promise<void> => {
  const names = Object.fromEntries(ALL.map((table) => [table, restored(table)])) as TableNames;
  await createTables(world.documents as never, definedTables(names));
  for (const table of ALL) {
    for (const Item of await rowsOf(world, table)) {
      await world.documents.send(new PutCommand({ TableName: restored(table), Item }));
    }
  }
};

/** The disaster: every row of the service is gone; the bucket remains. */
const loseRows = async (): Promise<void> => {
  for (const table of ALL) {
    const definition: { partitionKey: string; sortKey?: string } = TABLES[table];
    const keys = [definition.partitionKey, ...(definition.sortKey === undefined ? [] : [definition.sortKey])];
    for (const row of await rowsOf(world, table)) {
      const Key = Object.fromEntries(keys.map((key) => [key, row[key]]));
      await world.documents.send(new DeleteCommand({ TableName: world.tables[table], Key }));
    }
  }
};

const restoreAll = async () => {
  const faces = { client: world.s3Client, bucket: 'faces' };
  const counts: Partial<Record<TableVariable, Awaited<ReturnType<typeof restoreRows>>>> = {};
  for (const table of ALL) {
    const task = { table, from: restored(table), to: world.tables[table] };
    counts[table] = await restoreRows({ documents: world.documents, faces }, task);
  }
  return counts;
};

test('T74 after a restore users log in with their faces, and those deleted since stay deleted', async () => {
  const integration = await world.newIntegration();
  const [stays, deleted, changed] = [world.newExternalId(), world.newExternalId(), world.newExternalId()];
  for (const sub of [stays, deleted, changed]) await enroll(world, integration, sub);
  const invited = world.newExternalId();
  const row = { integrationId: integration.integrationId, externalId: invited, version: 1 };
  const invitation = { at: world.now(), endsAt: world.now() + 3600, by: 'operator@harbour-bank.example' };
  await world.documents.send(new PutCommand({ TableName: world.tables.USER_TABLE, Item: { ...row, invitation } }));
  await recoverNow();
  // After that moment one user is deleted, and another one fails once.
  const users = new PortalUserStore(world.documents, {
    users: world.tables.USER_TABLE,
    jobs: world.tables.DUE_WORK_TABLE,
  });
  const gone = parseUser(await userRow(world, integration.integrationId, deleted));
  expect(
    await users.erase(
      gone,
      null,
      newEvent('user.deleted', world.now(), { integrationId: gone.integrationId, externalId: gone.externalId }),
    ),
  ).toBe(true);
  await world.ports.references.remove({ objectKey: gone.reference?.objectKey ?? '' });
  await loseRows();
  const newer = { integrationId: integration.integrationId, externalId: changed, version: 9, failures: 4 };
  await world.documents.send(new PutCommand({ TableName: world.tables.USER_TABLE, Item: newer }));

  const counts = await restoreAll();
  expect(counts.USER_TABLE).toEqual({ copied: 2, stoodAlready: 1, withoutFace: 1 });
  // It may have been revoked after that moment.
  expect(await userRow(world, integration.integrationId, invited)).toEqual(row);
  expect(await userRow(world, integration.integrationId, deleted)).toBeUndefined();
  expect(await userRow(world, integration.integrationId, changed)).toEqual(newer);
  // A repetition changes nothing.
  expect((await restoreAll()).USER_TABLE).toEqual({ copied: 0, stoodAlready: 3, withoutFace: 1 });

  const browser = await openLogin(world, integration, stays);
  expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  const { payload } = await readReturnPage(world, integration, await browser.giveBack());
  expect(payload['res']).toBe('verified');
  // Housekeeping continues with the restored queue: the face that no row names any more is removed, the one in use stays.
  world.advance(3601);
  await world.housekeep();
  const kept = parseUser(await userRow(world, integration.integrationId, stays)).reference?.objectKey;
  expect(await storedFaces(world)).toEqual([kept]);
});

test('T74 who was disabled stays disabled after a restore, although the face is gone since', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const row = { ...(await userRow(world, integration.integrationId, sub)) };
  const reason = 'left the company';
  const disabled = { at: world.now(), reason };
  const stored = { ...row, disabled, listedAs: listedAs(integration.integrationId, 'disabled') };
  await world.putRow('USER_TABLE', stored);
  const from = `${world.tables.USER_TABLE}-disabled`;
  await createTables(world.documents as never, definedTables({ ...world.tables, USER_TABLE: from }));
  await world.documents.send(new PutCommand({ TableName: from, Item: stored }));
  // The retention of the face ends, and the table is lost.
  await world.ports.references.remove({ objectKey: parseUser(row).reference?.objectKey ?? '' });
  const Key = { integrationId: integration.integrationId, externalId: sub };
  await world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key }));
  const faces = { client: world.s3Client, bucket: 'faces' };
  const task = { table: 'USER_TABLE', from, to: world.tables.USER_TABLE } as const;
  expect(await restoreRows({ documents: world.documents, faces }, task)).toMatchObject({ copied: 1, withoutFace: 0 });
  const restoredRow = parseUser(await userRow(world, integration.integrationId, sub));
  expect(restoredRow).toMatchObject({ disabled, reference: null, consent: null, lastVerifiedAt: null, purgeAt: null });
});

test('T74 a bucket that does not exist or may not be listed is refused, instead of taking every face for deleted', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const from = `${world.tables.USER_TABLE}-misspelled`;
  await createTables(world.documents as never, definedTables({ ...world.tables, USER_TABLE: from }));
  const Item = { ...(await userRow(world, integration.integrationId, sub)) };
  await world.documents.send(new PutCommand({ TableName: from, Item }));
  const faces = { client: world.s3Client, bucket: 'fases' };
  const task = { table: 'USER_TABLE', from, to: world.tables.USER_TABLE } as const;
  await expect(restoreRows({ documents: world.documents, faces }, task)).rejects.toThrow(
    /^There is no bucket fases, and nothing was restored: give --faces/,
  );
  const endpoint = await world.s3Client.config.endpoint?.();
  const url = `http://${endpoint?.hostname}:${endpoint?.port}`;
  const client = new S3Client({ ...clientOf(url, issueFor(world.credentials, [])), forcePathStyle: true });
  const poor = { client, bucket: 'faces' };
  await expect(restoreRows({ documents: world.documents, faces: poor }, task)).rejects.toThrow(
    /^These credentials may not list the bucket faces, and nothing was restored: docs\/deploy\.md/,
  );
});
