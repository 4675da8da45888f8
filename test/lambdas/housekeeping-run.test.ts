import { afterAll, beforeEach, expect, test } from 'vitest';
import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { dayOf, type JobQueue, type QueuedJob } from '../../lambdas/core/model/job.ts';
import type { EventJob } from '../../lambdas/core/model/webhook.ts';
import { createWorld, type World } from '../support/world.ts';

const HOUR_SECONDS = 3600;

let world: World;
const worlds: World[] = [];
beforeEach(async () => {
  world = await createWorld();
  worlds.push(world);
});
afterAll(() => Promise.all(worlds.map((each) => each.close())));

const anEvent = (index: number, at: EventJob['at']): EventJob => {
  const about = { type: 'user.verified', accountId: 'acc_x', integrationId: null, externalId: null } as const;
  return { kind: 'event', eventId: `evt_${index}`, at, detail: {}, ...about };
};
const due = () => world.log.filter(({ code }) => code === 'jobs-due').map(({ fields }) => fields);

test('a run reports how long the oldest job has been due, and in which queue', async () => {
  for (const seconds of [HOUR_SECONDS, 60]) {
    const at = addSeconds(world.now(), -seconds);
    await world.queue.add(anEvent(seconds, at), at);
  }
  const face = { kind: 'face-object', integrationId: 'int_x', externalId: 'auth0|x', objectKey: 'faces/x' } as const;
  await world.queue.add(face, addSeconds(world.now(), -120));
  await world.housekeep();
  await world.housekeep();
  expect(due()).toEqual([
    { queue: 'events', oldestSeconds: HOUR_SECONDS },
    { queue: expect.any(String), oldestSeconds: 0 },
  ]);
});

test('a run does all events that are due, however many, until its time is over', async () => {
  const at = addSeconds(world.now(), -60);
  const events = new Map<string, QueuedJob>();
  const fill = () => {
    for (let index = 0; index < 5500; index += 1) {
      const workId = `w${index}`;
      events.set(workId, { dueDay: dayOf(at), workId, dueAt: at, failures: 0, work: anEvent(index, at) });
    }
  };
  const queue: JobQueue = {
    add: async () => {},
    due: async (name, _, limit) => ({
      items: name === 'events' ? [...events.values()].slice(0, limit) : [],
      unreadable: 0,
    }),
    done: async ({ workId }) => void events.delete(workId),
    postpone: async () => {},
  };
  const run = (list: () => Promise<never[]>) => world.housekeep({ queue, webhooks: { ...world.webhooks, list } });
  fill();
  expect(await run(async () => [])).toBe(5500);
  // As the queue was when the run began, not when it was empty.
  expect(due()).toEqual([{ queue: 'events', oldestSeconds: 60 }]);
  fill();
  let listed = 0;
  const slow = async () => {
    listed += 1;
    if (listed === 2750) world.advance(60);
    return [];
  };
  // The batch that is being done when the time is over is finished.
  expect(await run(slow)).toBe(2800);
  expect(await run(slow)).toBe(2700);
});
