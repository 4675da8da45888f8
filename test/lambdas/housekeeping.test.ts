import { randomBytes, randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { RunJobsPorts } from '../../lambdas/core/jobs/run-jobs.ts';
import { NO_EDITS } from '../../lambdas/core/model/edits.ts';
import { dayOf, type JobQueue } from '../../lambdas/core/model/job.ts';
import type { DeliveryJob, EventJob } from '../../lambdas/core/model/webhook.ts';
import { rowsOf, storedFaces, userRow } from '../support/inspect.ts';
import { enroll, openLogin } from '../support/login.ts';
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
  await enroll(world, integration, sub);
  return { integration, sub };
};

const codes = () => world.log.map(({ code }) => code).filter((code) => code.startsWith('due-work'));

describe('T75 a stored face', () => {
  test('stays while its user uses it, and is removed with the row when it was not used for the retention time', async () => {
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
    // No job is left.
    world.advance(400 * DAY_SECONDS);
    expect(await world.housekeep()).toBe(0);
  });

  test('is removed when its user was deleted, even if the deletion left the bytes', async () => {
    const { integration, sub } = await enrolled();
    const Key = { integrationId: integration.integrationId, externalId: sub };
    await world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key }));
    world.advance(HOUR_SECONDS);
    await world.housekeep();
    expect(await storedFaces(world)).toEqual([]);
  });

  test('that a crash left behind is removed; the one in use stays', async () => {
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

  test('whose bytes cannot be removed is tried again forever, and its row is gone immediately', async () => {
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
  test('that cannot be sent is sent later, once, and delays no other', async () => {
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

  test('that is not accepted for a day is abandoned, and the log says so', async () => {
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

/** A webhook for this test alone, and deliveries for it that have been due for `ageSeconds`. */
const newReceiver = async (count: number, ageSeconds: number) => {
  const webhookId = `wh_${randomUUID()}`;
  const url = `https://hooks.example.com/${webhookId}`;
  const wrapped = await world.webhookSecrets.seal(webhookId, 1, randomBytes(32));
  await world.webhooks.create({
    webhookId,
    accountId: 'acc_x',
    url,
    events: ['user.verified'],
    enabled: true,
    disabledBecause: null,
    createdAt: world.now(),
    secrets: [{ generation: 1, wrapped, endsAt: null, since: world.now() }],
    failures: 0,
    failingSince: null,
    pausedUntil: null,
    attempts: [],
    edits: NO_EDITS,
  });
  const at = addSeconds(world.now(), -ageSeconds);
  const works = Array.from({ length: count }, (_, index): DeliveryJob => {
    const about = { accountId: 'acc_x', webhookId, type: 'user.verified', at, body: '{}' } as const;
    return { kind: 'webhook-delivery', eventId: `evt_${index}`, ...about };
  });
  return { url, works, at };
};

/** What was sent where; each call takes `seconds`. */
const receivers = (seconds: number) => {
  const sent: string[] = [];
  const send: RunJobsPorts['webhookSender']['send'] = async ({ url }) => {
    sent.push(url);
    world.advance(seconds);
    return { outcome: 'delivered', status: 204 };
  };
  return { sent, webhookSender: { send } };
};

const aNoticeAndAFaceAreDue = async () => {
  const { integration, sub } = await enrolled();
  const Key = { integrationId: integration.integrationId, externalId: sub };
  await world.documents.send(new DeleteCommand({ TableName: world.tables.USER_TABLE, Key }));
  world.advance(HOUR_SECONDS);
};

describe('more deliveries than a run gets done', () => {
  test('delay no notice, no deletion and no other webhook', async () => {
    const slow = await newReceiver(1100, 120);
    await Promise.all(slow.works.map((work) => world.queue.add(work, slow.at)));
    const other = await newReceiver(1, 60);
    await Promise.all(other.works.map((work) => world.queue.add(work, other.at)));
    await aNoticeAndAFaceAreDue();
    const { sent, webhookSender } = receivers(30);
    await world.housekeep({ webhookSender });
    expect(world.notices).toHaveLength(1);
    expect(await storedFaces(world)).toEqual([]);
    expect(sent.sort()).toEqual([slow.url, other.url].sort());
    // What was not sent is still due: nothing was written for it.
    const left = (await rowsOf(world, 'DUE_WORK_TABLE')).filter(({ work }) => work !== undefined);
    expect(left).toHaveLength(1099);
    expect(new Set(left.map(({ dueAt }) => dueAt))).toEqual(new Set([slow.at]));
  });

  test('nor do more events than a batch', async () => {
    const about = { type: 'user.verified', accountId: 'acc_x', integrationId: null, externalId: null } as const;
    const at = addSeconds(world.now(), -60);
    const events = Array.from({ length: 150 }, (_, index): EventJob => {
      return { kind: 'event', eventId: `evt_${index}`, at, detail: {}, ...about };
    });
    await Promise.all(events.map((event) => world.queue.add(event, at)));
    await aNoticeAndAFaceAreDue();
    // Each listing of webhooks takes as long as a run may.
    const list = async () => {
      world.advance(60);
      return [];
    };
    await world.housekeep({ webhooks: { ...world.webhooks, list } });
    expect(world.notices).toHaveLength(1);
    expect(await storedFaces(world)).toEqual([]);
    await world.housekeep();
    expect((await rowsOf(world, 'DUE_WORK_TABLE')).filter(({ work }) => work !== undefined)).toEqual([]);
  });

  test('nor if release 0.1 left them in its only queue', async () => {
    const old = await newReceiver(150, 60);
    const { at } = old;
    const key = (workId: string) => ({ dueDay: dayOf(at), dueKey: `${at}#${workId}`, workId, dueAt: at, failures: 0 });
    await Promise.all(old.works.map((work) => world.putRow('DUE_WORK_TABLE', { ...key(work.eventId), work })));
    await aNoticeAndAFaceAreDue();
    // This run read the deliveries before any was moved.
    const due: JobQueue['due'] = async (queue, now, limit) =>
      queue === 'deliveries' ? { items: [], unreadable: 0 } : world.queue.due(queue, now, limit);
    const queue = new Proxy(world.queue, {
      get: (target, member) => (member === 'due' ? due : Reflect.get(target, member).bind(target)),
    });
    await world.housekeep({ queue, ...receivers(60) });
    expect(world.notices).toHaveLength(1);
    expect(await storedFaces(world)).toEqual([]);
    const { sent, webhookSender } = receivers(0);
    while ((await world.housekeep({ webhookSender })) > 0);
    expect(sent).toHaveLength(150);
    expect((await rowsOf(world, 'DUE_WORK_TABLE')).filter(({ work }) => work !== undefined)).toEqual([]);
  });
});

describe('the queue', () => {
  test('returns what is due to the second, oldest first, even after weeks without a run', async () => {
    const work = (objectKey: string) =>
      ({ kind: 'face-object', integrationId: 'int_x', externalId: 'auth0|x', objectKey }) as const;
    const days = [0.5, 3, 17, 17.2, 24];
    for (const day of [...days].reverse()) {
      await world.queue.add(work(`faces/${day}`), addSeconds(world.now(), day * DAY_SECONDS));
    }
    world.advance(17 * DAY_SECONDS);
    const keys = async (limit: number) =>
      (await world.queue.due('people', world.now(), limit)).items.map(({ work: { kind }, ...item }) => [
        kind,
        item.dueAt,
      ]);
    const at = (day: number) => addSeconds(world.now(), (day - 17) * DAY_SECONDS);
    expect(await keys(10)).toEqual([0.5, 3, 17].map((day) => ['face-object', at(day)]));
    expect(await keys(2)).toHaveLength(2);
    await world.housekeep();
    world.advance(30 * DAY_SECONDS);
    expect((await world.queue.due('people', world.now(), 10)).items).toHaveLength(2);
    await world.housekeep();
    // Only how far each queue was read.
    const left = (await rowsOf(world, 'DUE_WORK_TABLE')).map(({ dueDay }) => dueDay);
    expect(left.sort()).toEqual(['cursor', 'delivery#cursor', 'event#cursor', 'session#cursor', 'start#cursor']);
  });

  test('leaves alone, and reports, what another release wrote', async () => {
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
