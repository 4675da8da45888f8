import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { dayOf } from '../../lambdas/core/due-work.ts';
import { rowsOf, storedFaces, userRow } from '../support/inspect.ts';
import { enrol, openLogin } from '../support/login.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

let world: World;
const worlds: World[] = [];
beforeEach(async () => {
  world = await createWorld();
  worlds.push(world);
});
afterAll(() => Promise.all(worlds.map((each) => each.close())));

const enrolled = async (retentionDays = 30) => {
  const consent = { version: '2026-11', text: 'We compare your face with the one you enrolled here.', retentionDays };
  const integration = await world.newIntegration({ consent });
  const sub = world.newExternalId();
  await enrol(world, integration, sub);
  return { integration, sub };
};

const codes = () => world.log.map(({ code }) => code).filter((code) => code.startsWith('due-work'));

describe('T75 a stored face', () => {
  test('stays while its person uses it, and goes with the row when it was not used for the retention time', async () => {
    const { integration, sub } = await enrolled(30);
    world.advance(20 * DAY_SECONDS);
    await world.housekeep();
    const browser = await openLogin(world, integration, sub);
    expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
    world.advance(29 * DAY_SECONDS);
    await world.housekeep();
    expect(await storedFaces(world)).toHaveLength(1);
    expect(await userRow(world, integration.integrationId, sub)).toBeDefined();
    world.advance(DAY_SECONDS);
    await world.housekeep();
    expect(await storedFaces(world)).toEqual([]);
    expect(await userRow(world, integration.integrationId, sub)).toBeUndefined();
    // Nothing is left to look after.
    world.advance(400 * DAY_SECONDS);
    expect(await world.housekeep()).toBe(0);
  });

  test('goes when its person was deleted, whoever forgot about the bytes', async () => {
    const { integration, sub } = await enrolled();
    const Key = { integrationId: integration.integrationId, externalId: sub };
    await world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key }));
    world.advance(HOUR_SECONDS);
    await world.housekeep();
    expect(await storedFaces(world)).toEqual([]);
  });

  test('that a crash left behind goes; the one in use stays', async () => {
    const { integration } = await enrolled();
    const kept = await storedFaces(world);
    const browser = await openLogin(world, integration, world.newExternalId(), {
      handlers: world.handlersWith({
        sessions: new Proxy(world.ports.sessions, {
          get: (target, member) =>
            member === 'finish'
              ? () => Promise.reject(new Error('the process ended here'))
              : Reflect.get(target, member).bind(target),
        }),
      }),
    });
    await browser.attempt(world, 'enroll');
    expect(await storedFaces(world)).toHaveLength(2);
    world.advance(HOUR_SECONDS - 1);
    await world.housekeep();
    expect(await storedFaces(world)).toHaveLength(2);
    world.advance(1);
    await world.housekeep();
    expect(await storedFaces(world)).toEqual(kept);
  });

  test('whose bytes cannot be removed is tried again for ever, and its row is gone at once', async () => {
    const { integration, sub } = await enrolled(1);
    world.advance(DAY_SECONDS);
    const references = { remove: () => Promise.reject(new Error('S3 is down')) };
    for (let day = 0; day < 20; day += 1) {
      await world.housekeep({ references });
      world.advance(DAY_SECONDS);
    }
    expect(await userRow(world, integration.integrationId, sub)).toBeUndefined();
    expect(codes()).not.toContain('due-work-given-up');
    await world.housekeep();
    expect(await storedFaces(world)).toEqual([]);
  });
});

describe('a notice', () => {
  test('that cannot be sent is sent later, once, and holds up no other', async () => {
    await enrolled();
    await enrolled();
    let calls = 0;
    const sendEnrolled = async (notice: unknown) => {
      calls += 1;
      if (calls === 1) throw new Error('SES is down');
      world.notices.push(notice);
    };
    await world.housekeep({ notices: { sendEnrolled } });
    expect(world.notices).toHaveLength(1);
    expect(await world.housekeep()).toBe(0);
    world.advance(60);
    await world.housekeep();
    expect(world.notices).toHaveLength(2);
    world.advance(60);
    await world.housekeep();
    expect(world.notices).toHaveLength(2);
  });

  test('that nobody accepts for a day is given up, and the log says so', async () => {
    await enrolled();
    const notices = { sendEnrolled: () => Promise.reject(new Error('SES is down')) };
    for (let hours = 0; hours < 48; hours += 1) {
      await world.housekeep({ notices });
      world.advance(HOUR_SECONDS);
    }
    expect(codes().filter((code) => code === 'due-work-given-up')).toHaveLength(1);
    expect(codes().filter((code) => code === 'due-work-failed')).toHaveLength(6);
    await world.housekeep();
    expect(world.notices).toEqual([]);
  });
});

describe('the queue', () => {
  test('hands out what is due to the second, oldest first, also after weeks of standstill', async () => {
    const work = (objectKey: string) =>
      ({ kind: 'face-object', integrationId: 'int_x', externalId: 'auth0|x', objectKey }) as const;
    const days = [0.5, 3, 17, 17.2, 24];
    for (const day of [...days].reverse()) {
      await world.queue.add(work(`faces/${day}`), addSeconds(world.now(), day * DAY_SECONDS));
    }
    world.advance(17 * DAY_SECONDS);
    const keys = async (limit: number) =>
      (await world.queue.due(world.now(), limit)).items.map(({ work: { kind }, ...item }) => [kind, item.dueAt]);
    const at = (day: number) => addSeconds(world.now(), (day - 17) * DAY_SECONDS);
    expect(await keys(10)).toEqual([0.5, 3, 17].map((day) => ['face-object', at(day)]));
    expect(await keys(2)).toHaveLength(2);
    await world.housekeep();
    world.advance(30 * DAY_SECONDS);
    expect((await world.queue.due(world.now(), 10)).items).toHaveLength(2);
    await world.housekeep();
    expect(await rowsOf(world, 'DUE_WORK_TABLE')).toMatchObject([{ dueDay: 'cursor' }]);
  });

  test('leaves alone, and reports, what another version wrote', async () => {
    const item = { workId: 'w', dueAt: world.now(), failures: 0, work: { kind: 'from-tomorrow' } };
    const key = { dueDay: dayOf(world.now()), dueKey: `${world.now()}#w` };
    await world.documents.send(new PutCommand({ TableName: world.tables.DUE_WORK_TABLE, Item: { ...key, ...item } }));
    await enrolled();
    world.advance(2 * DAY_SECONDS);
    await world.housekeep();
    expect(world.notices).toHaveLength(1);
    expect(world.log).toContainEqual({ code: 'due-work-unreadable', fields: { count: 1 } });
    expect(await rowsOf(world, 'DUE_WORK_TABLE')).toContainEqual({ ...key, ...item });
  });
});
