import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type Job, type JobQueue, type JobResult, type QueuedJob, type QueueName, queueOf } from '../model/job.ts';
import type { Clock, Log } from '../model/ports.ts';
import { type DeliverPorts, deliver, type TellPorts, tellWebhooks } from '../webhooks/deliver.ts';
import { type DeleteUsersPorts, deleteUsersOfIntegration } from './delete-users.ts';
import { type ExpireFacePorts, expireFace } from './expire-face.ts';
import { type ForgetSessionPorts, forgetSession } from './expire-session.ts';
import { type NotifyEnrolledPorts, notifyEnrolled } from './notify-enrolled.ts';
import { type RefundStartPorts, refundUnusedStart } from './refund-start.ts';

/** Waits after each failure in seconds; after the last one the piece is given up and the log says so. */
const RETRY_AFTER_SECONDS = [60, 300, 1800, 7200, 21_600, 43_200];
/** One run's share of a queue: nothing is begun after 40 of the minute's seconds. What is left waits for the next run. */
const BATCH = 100;
const MAX_BATCHES = 50;
const RUN_SECONDS = 40;
/** Events turned into deliveries at once. */
const EVENTS_AT_ONCE = 10;
/** From then on a run begins no delivery; what is left is still due at the next run. */
const DELIVERY_SECONDS = 25;
/** Due deliveries that one run looks through, oldest first (about 10 MB). */
const DELIVERIES_SEEN = 10_000;
/** Receivers that are told at once. */
const RECEIVERS_AT_ONCE = 100;

export interface RunJobsPorts
  extends ExpireFacePorts,
    NotifyEnrolledPorts,
    DeliverPorts,
    TellPorts,
    ForgetSessionPorts,
    RefundStartPorts {
  readonly users: ExpireFacePorts['users'] & DeleteUsersPorts['users'] & RefundStartPorts['users'];
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly log: Log;
}

const perform = (ports: RunJobsPorts, work: Job): Promise<JobResult> => {
  switch (work.kind) {
    case 'face-object':
      return expireFace(ports, work);
    case 'session-end':
      return forgetSession(ports, work);
    case 'liveness-start':
      return refundUnusedStart(ports, work);
    case 'people-of-integration':
      return deleteUsersOfIntegration(ports, work);
    case 'enrollment-notice':
      return notifyEnrolled(ports, work);
    case 'event':
      return tellWebhooks(ports, work);
    case 'webhook-delivery':
      return deliver(ports, work);
  }
};

const afterFailure = async (ports: RunJobsPorts, item: QueuedJob): Promise<void> => {
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

const runOne = async (ports: RunJobsPorts, item: QueuedJob): Promise<void> => {
  let result: JobResult;
  try {
    result = await perform(ports, item.work);
  } catch {
    return afterFailure(ports, item);
  }
  return result === 'done' ? ports.queue.done(item) : ports.queue.postpone(item, result.again, 0);
};

type Lane = readonly QueuedJob[];

const lanesBy = (items: Lane, nameOf: (work: Job) => string): readonly Lane[] => {
  const lanes = new Map<string, QueuedJob[]>();
  for (const item of items) {
    const lane = lanes.get(nameOf(item.work)) ?? [];
    lane.push(item);
    lanes.set(nameOf(item.work), lane);
  }
  return [...lanes.values()];
};

/**
 * Works lanes off, each one piece after the other, up to `atOnce` side by side. They take turns, a piece each: no lane waits until
 * another one is through.
 * @returns how many pieces were done before it `isOver`
 */
const takeTurns = async (
  lanes: readonly Lane[],
  atOnce: number,
  run: (item: QueuedJob) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<number> => {
  const waiting = lanes.map((lane) => lane.values());
  let count = 0;
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined && !isOver(); lane = waiting.shift()) {
      const { value: item } = lane.next();
      if (item === undefined) continue;
      count += 1;
      await run(item);
      waiting.push(lane);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, lanes.length) }, worker));
  return count;
};

const dueIn = async (ports: RunJobsPorts, queue: QueueName, limit: number) => {
  const { items, unreadable } = await ports.queue.due(queue, ports.clock(), limit);
  if (unreadable > 0) ports.log('due-work-unreadable', { count: unreadable });
  return items;
};

/** Batch by batch. In the queue of the people no kind waits for another. */
const runBatches = async (ports: RunJobsPorts, queue: Exclude<QueueName, 'deliveries'>, startedAt: EpochSeconds) => {
  const run = (item: QueuedJob): Promise<void> =>
    // An earlier version had one queue for everything: what it left there moves to its own.
    queueOf(item.work) === queue ? runOne(ports, item) : ports.queue.postpone(item, item.dueAt, item.failures);
  const isOver = () => ports.clock() - startedAt >= RUN_SECONDS;
  let count = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const items = await dueIn(ports, queue, BATCH);
    // Of the people's queue each kind has a lane; Rekognition is asked one by one, since logins share its calls a second.
    const isByKind = queue === 'people' || queue === 'starts';
    const lanes = isByKind ? lanesBy(items, ({ kind }) => kind) : items.map((item) => [item]);
    // Whatever another queue's work took, a batch of notices and deletions is done; calls of Rekognition end with the run.
    count += await takeTurns(lanes, EVENTS_AT_ONCE, run, queue === 'starts' ? isOver : undefined);
    if (items.length < BATCH || isOver()) break;
  }
  return count;
};

/** To each receiver one after the other. Who is slow keeps its lane busy and no more: its rest is left due as it is. */
const runDeliveries = async (ports: RunJobsPorts, startedAt: EpochSeconds): Promise<number> => {
  const items = await dueIn(ports, 'deliveries', DELIVERIES_SEEN);
  const lanes = lanesBy(items, (work) => (work.kind === 'webhook-delivery' ? work.webhookId : work.kind));
  const isOver = () => ports.clock() - startedAt >= DELIVERY_SECONDS;
  return takeTurns(lanes, RECEIVERS_AT_ONCE, (item) => runOne(ports, item), isOver);
};

/**
 * Does what is due: notices, the deletion of faces that nobody needs, and what webhooks have to be told. The queues are worked off side
 * by side, so that no number of events and no slow receiver holds up a notice or a deletion. One failing piece holds up no other; it
 * is tried again later. Safe to repeat, and to be cut off at any moment.
 * @returns how many pieces were looked at
 * @throws whatever a queue threw, once the others are through
 */
export const runJobs = (ports: RunJobsPorts) => async (): Promise<number> => {
  const startedAt = ports.clock();
  const runs = await Promise.allSettled([
    runBatches(ports, 'people', startedAt),
    runBatches(ports, 'events', startedAt),
    runBatches(ports, 'sessions', startedAt),
    runBatches(ports, 'starts', startedAt),
    runDeliveries(ports, startedAt),
  ]);
  let count = 0;
  for (const run of runs) {
    if (run.status === 'rejected') throw run.reason;
    count += run.value;
  }
  return count;
};
