import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type Job, type JobQueue, type JobResult, type QueuedJob, type QueueName, queueOf } from '../model/job.ts';
import type { Clock, Log } from '../model/ports.ts';
import { type DeliverPorts, deliver, type NotifyWebhooksPorts, notifyWebhooks } from '../webhooks/deliver.ts';
import { type DeleteUsersPorts, deleteUsersOfIntegration } from './delete-users.ts';
import { type ExpireFacePorts, expireFace } from './expire-face.ts';
import { type ForgetSessionPorts, forgetSession } from './expire-session.ts';
import { type NotifyEnrolledPorts, notifyEnrolled } from './notify-enrolled.ts';
import { type RefundStartPorts, refundUnusedStart } from './refund-start.ts';

/** Waits after each failure in seconds; after the last one the job is abandoned and the log says so. */
const RETRY_AFTER_SECONDS = [60, 300, 1800, 7200, 21_600, 43_200];
/** Read at a time. */
const BATCH = 100;
/** One run's share of a queue: nothing is begun after 40 of the minute's seconds. What is left waits for the next run. */
const RUN_SECONDS = 40;
/** Against a clock or a queue that goes nowhere: 100,000 jobs, more than a run gets done. */
const MAX_BATCHES = 1000;
/** Events turned into deliveries concurrently. */
const MAX_PARALLEL_EVENTS = 10;
/** From then on a run begins no delivery; what is left is still due at the next run. */
const DELIVERY_SECONDS = 25;
/** Due deliveries that one run reads, oldest first (about 10 MB). */
const MAX_DELIVERIES = 10_000;
/** Receivers that are called concurrently. */
const MAX_PARALLEL_RECEIVERS = 100;

export interface RunJobsPorts
  extends ExpireFacePorts,
    NotifyEnrolledPorts,
    DeliverPorts,
    NotifyWebhooksPorts,
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
      return notifyWebhooks(ports, work);
    case 'webhook-delivery':
      return deliver(ports, work);
  }
};

const afterFailure = async (ports: RunJobsPorts, item: QueuedJob): Promise<void> => {
  const wait = RETRY_AFTER_SECONDS[item.failures];
  const { kind } = item.work;
  // Jobs for faces are never abandoned: the faces would stay forever.
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
 * Runs the jobs of each lane one after the other, with up to `concurrency` lanes in parallel. Lanes take turns, one job each: no lane
 * waits until another one is done.
 * @returns how many jobs were run before it `isOver`
 */
const takeTurns = async (
  lanes: readonly Lane[],
  concurrency: number,
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
  await Promise.all(Array.from({ length: Math.min(concurrency, lanes.length) }, worker));
  return count;
};

/** How long the oldest job of each queue was due when the run first read the queue, in seconds. */
type Lateness = Map<QueueName, number>;

const dueIn = async (ports: RunJobsPorts, queue: QueueName, limit: number, lateness: Lateness) => {
  const now = ports.clock();
  const { items, unreadable } = await ports.queue.due(queue, now, limit);
  if (unreadable > 0) ports.log('due-work-unreadable', { count: unreadable });
  if (!lateness.has(queue)) lateness.set(queue, now - (items[0]?.dueAt ?? now));
  return items;
};

/** Logs the queue that is furthest behind, in every run: also one that is not behind shows that it ran. */
const reportLateness = ({ log }: RunJobsPorts, lateness: Lateness): void => {
  const [latest] = [...lateness].sort(([, a], [, b]) => b - a);
  if (latest === undefined) return;
  const [queue, oldestSeconds] = latest;
  log('jobs-due', { queue, oldestSeconds });
};

/** Runs a queue batch by batch. In the `people` queue no kind waits for another. */
const runBatches = async (
  ports: RunJobsPorts,
  queue: Exclude<QueueName, 'deliveries'>,
  startedAt: EpochSeconds,
  lateness: Lateness,
): Promise<number> => {
  const run = (item: QueuedJob): Promise<void> =>
    // Release 0.1 had one queue for everything. What it left there is moved to its own queue.
    queueOf(item.work) === queue ? runOne(ports, item) : ports.queue.postpone(item, item.dueAt, item.failures);
  const isOver = () => ports.clock() - startedAt >= RUN_SECONDS;
  let count = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const items = await dueIn(ports, queue, BATCH, lateness);
    // In the `people` queue each kind has a lane. Starts have one lane, since logins share Rekognition's calls per second.
    const isByKind = queue === 'people' || queue === 'starts';
    const lanes = isByKind ? lanesBy(items, ({ kind }) => kind) : items.map((item) => [item]);
    // However long the other queues took, one batch of notices and deletions is done. Calls of Rekognition end with the run.
    count += await takeTurns(lanes, MAX_PARALLEL_EVENTS, run, queue === 'starts' ? isOver : undefined);
    if (items.length < BATCH || isOver()) break;
  }
  return count;
};

/** Sends to each receiver one delivery after the other. A slow receiver only blocks its own lane: its other deliveries stay due. */
const runDeliveries = async (ports: RunJobsPorts, startedAt: EpochSeconds, lateness: Lateness): Promise<number> => {
  const items = await dueIn(ports, 'deliveries', MAX_DELIVERIES, lateness);
  const lanes = lanesBy(items, (work) => (work.kind === 'webhook-delivery' ? work.webhookId : work.kind));
  const isOver = () => ports.clock() - startedAt >= DELIVERY_SECONDS;
  return takeTurns(lanes, MAX_PARALLEL_RECEIVERS, (item) => runOne(ports, item), isOver);
};

/**
 * Runs the jobs that are due: notices, the deletion of faces that are no longer needed, and events for webhooks. The queues are
 * processed concurrently, so that no number of events and no slow receiver delays a notice or a deletion. A failing job delays no
 * other; it is tried again later. Safe to repeat, and to interrupt at any moment.
 * @returns how many jobs were run
 * @throws whatever a queue threw, once the others are done
 */
export const runJobs = (ports: RunJobsPorts) => async (): Promise<number> => {
  const startedAt = ports.clock();
  const lateness: Lateness = new Map();
  const runs = await Promise.allSettled([
    runBatches(ports, 'people', startedAt, lateness),
    runBatches(ports, 'events', startedAt, lateness),
    runBatches(ports, 'sessions', startedAt, lateness),
    runBatches(ports, 'starts', startedAt, lateness),
    runDeliveries(ports, startedAt, lateness),
  ]);
  reportLateness(ports, lateness);
  let count = 0;
  for (const run of runs) {
    if (run.status === 'rejected') throw run.reason;
    count += run.value;
  }
  return count;
};
