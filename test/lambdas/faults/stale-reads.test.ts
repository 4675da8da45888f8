import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedFaces, userRow } from '../../support/inspect.ts';
import { Browser, enroll, openLogin } from '../../support/login.ts';
import { createWorld, type World } from '../../support/world.ts';

/** What was read may be stale when it is used: the conditions of the writes alone must be enough. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const REFERENCE = {
  referenceId: 'other',
  objectKey: 'faces/other',
  wrappedKey: 'AAAA',
  engine: 'e',
  enrolledAt: 1_900_000_000,
};

/** The user's row changes after `complete` has read it and before it writes. */
const completeWithOldRow = async (browser: Browser, task: 'enroll' | 'verify', change: () => Promise<unknown>) => {
  const { users } = world.ports;
  const handlers = world.handlersWith({
    users: {
      read: async (...key) => {
        const row = await users.read(...key);
        await change();
        return row;
      },
    },
  });
  const late = new Browser(handlers);
  late.cookies.push(...browser.cookies);
  late.handle = browser.handle;
  return JSON.parse((await late.complete(task, 1)).body ?? '');
};

const changeRow = (integrationId: string, externalId: string, expression: string, values: object, names: object = {}) =>
  world.documents.send(
    new UpdateCommand({
      TableName: world.tables.USER_TABLE,
      Key: { integrationId, externalId },
      UpdateExpression: expression,
      ExpressionAttributeValues: { ...values },
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: { ...names } }),
    }),
  );
const setReference = (integrationId: string, externalId: string) =>
  changeRow(
    integrationId,
    externalId,
    'SET #reference = :reference',
    { ':reference': REFERENCE },
    { '#reference': 'reference' },
  );
const bumpVersion = (integrationId: string, externalId: string) =>
  changeRow(integrationId, externalId, 'SET version = version + :one', { ':one': 1 });
const remove = (integrationId: string, externalId: string) =>
  world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key: { integrationId, externalId } }));

const CHANGES = { 'has another reference': setReference, 'has another version': bumpVersion, 'is gone': remove };

const started = async (task: 'enroll' | 'verify') => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  if (task === 'verify') await enroll(world, integration, sub);
  const browser = await openLogin(world, integration, sub);
  const { livenessSessionId } = JSON.parse(
    (await browser.start(task, task === 'enroll' ? '2026-11' : undefined)).body ?? '',
  );
  world.faces.play(livenessSessionId, {});
  return { id: integration.integrationId, sub, browser };
};

describe.each(['enroll', 'verify'] as const)('T28 T47 at the end of a login to %s', (task) => {
  test.each(Object.entries(CHANGES))('a row that by then %s makes it a conflict', async (_, change) => {
    const { id, sub, browser } = await started(task);
    const objects = await storedFaces(world);
    const answer = await completeWithOldRow(browser, task, () => change(id, sub));
    expect(answer).toMatchObject({ state: 'finished', outcome: 'conflict' });
    // Nothing of the loser stays: no object, and no reference but that of the change.
    expect(await storedFaces(world)).toEqual(objects);
    const row = await userRow(world, id, sub);
    if (change === setReference) expect(row?.['reference']).toEqual(REFERENCE);
    if (change === remove) expect(row).toBeUndefined();
  });
});

test('T8 T51 a result that another call handed over 90 seconds ago is not signed, even if the session was read before', async () => {
  const { browser } = await started('enroll');
  await browser.complete('enroll', 1);
  const { sessions } = world.ports;
  const old = new Map<string, Awaited<ReturnType<typeof sessions.read>>>();
  const handlers = world.handlersWith({
    sessions: new Proxy(sessions, {
      get: (target, member) =>
        member === 'read'
          ? async (integrationId: string, jti: string) => {
              const known = old.get(jti) ?? (await target.read(integrationId, jti));
              old.set(jti, known);
              return known;
            }
          : Reflect.get(target, member, target).bind(target),
    }),
  });
  const late = new Browser(handlers);
  late.cookies.push(...browser.cookies);
  late.handle = browser.handle;
  expect((await late.giveBack()).statusCode).toBe(200);
  world.advance(89);
  expect((await late.giveBack()).statusCode).toBe(200);
  world.advance(1);
  expect((await late.giveBack()).statusCode).toBe(409);
});

test('T55 failures of a series that a success has ended since lock nobody', async () => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const login = () => openLogin(world, integration, sub);
  for (const times of [3, 1]) {
    const browser = await login();
    for (let time = 0; time < times; time += 1) await browser.attempt(world, 'verify', { person: 'mallory' });
  }
  const browser = await login();
  const { livenessSessionId } = JSON.parse((await browser.start('verify')).body ?? '');
  world.faces.play(livenessSessionId, { person: 'mallory' });
  const { users, sessions } = world.ports;
  let read = () => {};
  const isRead = new Promise<void>((resolve) => {
    read = resolve;
  });
  const claim: typeof sessions.claimAttempt = async (...claimed) => {
    await isRead;
    expect((await (await login()).attempt(world, 'verify')).outcome).toBe('verified');
    return sessions.claimAttempt(...claimed);
  };
  const late = new Browser(
    world.handlersWith({
      users: {
        read: async (...key) => {
          const row = await users.read(...key);
          read();
          return row;
        },
      },
      sessions: new Proxy(sessions, {
        get: (target, member) => {
          if (member === 'claimAttempt') return claim;
          const value: unknown = Reflect.get(target, member, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    }),
  );
  late.cookies.push(...browser.cookies);
  late.handle = browser.handle;
  const answer = JSON.parse((await late.complete('verify', 1)).body ?? '');
  expect(answer).toMatchObject({ state: 'again', outcome: 'not_verified' });
  expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ failures: 1, guesses: 1 });
});
