import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { DueWork, DueWorkQueue, QueuedWork, WorkResult } from './due-work.ts';
import { type KeepFacePorts, lookAfterFace } from './look-after-face.ts';
import { type NotifyEnrolledPorts, notifyEnrolled } from './notify-enrolled.ts';
import type { Clock, Log } from './ports.ts';
import { type RemovePeoplePorts, removePeople } from './remove-people.ts';
import { type DeliverPorts, deliver, type TellPorts, tellWebhooks } from './webhooks/deliver.ts';

/** Waits after each failure in seconds; after the last one the piece is given up and the log says so. */
const RETRY_AFTER_SECONDS = [60, 300, 1800, 7200, 21_600, 43_200];
/** One run's share: no batch is begun after 40 of the minute's seconds. What is left waits for the next run. */
const BATCH = 100;
const MAX_BATCHES = 50;
const RUN_SECONDS = 40;

export interface RunDueWorkPorts extends KeepFacePorts, NotifyEnrolledPorts, DeliverPorts, TellPorts {
  readonly users: KeepFacePorts['users'] & RemovePeoplePorts['users'];
  readonly queue: DueWorkQueue;
  readonly clock: Clock;
  readonly log: Log;
}

const perform = (ports: RunDueWorkPorts, work: DueWork): Promise<WorkResult> => {
  switch (work.kind) {
    case 'face-object':
      return lookAfterFace(ports, work);
    case 'people-of-integration':
      return removePeople(ports, work);
    case 'enrolment-notice':
      return notifyEnrolled(ports, work);
    case 'event':
      return tellWebhooks(ports, work);
    case 'webhook-delivery':
      return deliver(ports, work);
  }
};

const afterFailure = async (ports: RunDueWorkPorts, item: QueuedWork): Promise<void> => {
  const wait = RETRY_AFTER_SECONDS[item.failures];
  const { kind } = item.work;
  // Faces are never given up: they would stay for ever.
  const seconds =
    wait ?? (kind === 'face-object' || kind === 'people-of-integration' ? RETRY_AFTER_SECONDS.at(-1) : undefined);
  if (seconds === undefined) {
    ports.log('due-work-given-up', { kind });
    return ports.queue.done(item);
  }
  ports.log('due-work-failed', { kind, failures: item.failures + 1 });
  return ports.queue.postpone(item, addSeconds(ports.clock(), seconds), item.failures + 1);
};

const runOne = async (ports: RunDueWorkPorts, item: QueuedWork): Promise<void> => {
  let result: WorkResult;
  try {
    result = await perform(ports, item.work);
  } catch {
    return afterFailure(ports, item);
  }
  return result === 'done' ? ports.queue.done(item) : ports.queue.postpone(item, result.again, 0);
};

/** From then on a run only puts deliveries off, so that slow receivers hold up nothing else. */
const DELIVERY_SECONDS = 25;
const PUT_OFF_SECONDS = 60;

/** What runs one after the other: all deliveries to one receiver, and whatever else is of one kind. No kind waits for another. */
const lanesOf = (items: readonly QueuedWork[]): readonly (readonly QueuedWork[])[] => {
  const lanes = new Map<string, QueuedWork[]>();
  for (const item of items) {
    const name = item.work.kind === 'webhook-delivery' ? item.work.webhookId : item.work.kind;
    lanes.set(name, [...(lanes.get(name) ?? []), item]);
  }
  return [...lanes.values()];
};

const runLane = async (ports: RunDueWorkPorts, lane: readonly QueuedWork[], startedAt: EpochSeconds): Promise<void> => {
  for (const item of lane) {
    const isLate = item.work.kind === 'webhook-delivery' && ports.clock() - startedAt >= DELIVERY_SECONDS;
    if (isLate) await ports.queue.postpone(item, addSeconds(ports.clock(), PUT_OFF_SECONDS), item.failures);
    else await runOne(ports, item);
  }
};

/**
 * Does what is due: notices, the deletion of faces that nobody needs, and what webhooks have to be told. One failing piece holds up no other; it is tried
 * again later. Safe to repeat, and to be cut off at any moment.
 * @returns how many pieces were looked at
 */
export const runDueWork = (ports: RunDueWorkPorts) => async (): Promise<number> => {
  let count = 0;
  const startedAt = ports.clock();
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const { items, unreadable } = await ports.queue.due(ports.clock(), BATCH);
    if (unreadable > 0) ports.log('due-work-unreadable', { count: unreadable });
    await Promise.all(lanesOf(items).map((lane) => runLane(ports, lane, startedAt)));
    count += items.length;
    if (items.length < BATCH || ports.clock() - startedAt >= RUN_SECONDS) break;
  }
  return count;
};
