import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { DueWork, DueWorkQueue, QueuedWork, WorkResult } from './due-work.ts';
import { type KeepFacePorts, lookAfterFace } from './look-after-face.ts';
import { type NotifyEnrolledPorts, notifyEnrolled } from './notify-enrolled.ts';
import type { Clock, Log } from './ports.ts';

/** Waits after each failure in seconds; after the last one the piece is given up and the log says so. */
const RETRY_AFTER_SECONDS = [60, 300, 1800, 7200, 21_600, 43_200];
/** One run's share; what is left waits for the next run. */
const BATCH = 100;
const MAX_BATCHES = 10;

export interface RunDueWorkPorts extends KeepFacePorts, NotifyEnrolledPorts {
  readonly queue: DueWorkQueue;
  readonly clock: Clock;
  readonly log: Log;
}

const perform = (ports: RunDueWorkPorts, work: DueWork): Promise<WorkResult> => {
  switch (work.kind) {
    case 'face-object':
      return lookAfterFace(ports, work);
    case 'enrolment-notice':
      return notifyEnrolled(ports, work);
  }
};

const afterFailure = async (ports: RunDueWorkPorts, item: QueuedWork): Promise<void> => {
  const wait = RETRY_AFTER_SECONDS[item.failures];
  const { kind } = item.work;
  // A face is never given up: it would stay for ever.
  const seconds = wait ?? (kind === 'face-object' ? RETRY_AFTER_SECONDS.at(-1) : undefined);
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

/**
 * Does what is due: notices, and the deletion of faces that nobody needs. One failing piece holds up no other; it is tried
 * again later. Safe to repeat, and to be cut off at any moment.
 * @returns how many pieces were looked at
 */
export const runDueWork = (ports: RunDueWorkPorts) => async (): Promise<number> => {
  let count = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const { items, unreadable } = await ports.queue.due(ports.clock(), BATCH);
    if (unreadable > 0) ports.log('due-work-unreadable', { count: unreadable });
    for (const item of items) await runOne(ports, item);
    count += items.length;
    if (items.length < BATCH) break;
  }
  return count;
};
