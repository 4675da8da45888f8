import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describeEnd, EndedAtStart } from '../../aws-wire/restart-budget.ts';
import type { EngineJob, FaceFact, VideoFacts } from './engine-jobs.ts';

/** A job, and its caller's promise. */
export interface Queued {
  readonly job: EngineJob;
  readonly resolve: (value: FaceFact[] | VideoFacts) => void;
  readonly reject: (error: Error) => void;
}

/** A process of the face engine. */
export interface Worker {
  readonly process: ChildProcess;
  /** Its current job; null while it waits. */
  current: Queued | null;
  /** How many videos it has been given. */
  videos: number;
  /** It has been asked to end. */
  isStopping: boolean;
  /** Ends a process that does not return from its job. */
  timer?: NodeJS.Timeout;
}

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** Steps of "nice" by which an engine yields to the server, so that on a saturated machine no stream waits for the event loop. */
const NICE_STEPS = 5;
const lowerPriority = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + NICE_STEPS));
  } catch {
    // It works without this too: a system that does not allow it, or a process that has already ended.
  }
};

/**
 * Separate processes, not threads: the models' native code has crashed while a thread was torn down, taking the whole process with
 * it. An orphaned process ends by itself.
 * @throws StartError if it ends while it loads its models
 */
export const startWorker = async (): Promise<Worker> => {
  const worker = fork(WORKER, {
    serialization: 'advanced',
    execArgv: [],
    // Frames are large and come from many native threads: with one glibc arena per thread and a self-adjusting threshold, their memory
    // is never returned.
    env: { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  lowerPriority(worker.pid);
  const failed = once(worker, 'exit').then(([code, signal]) => {
    const how = describeEnd(code, signal);
    throw new EndedAtStart(`A process of the face engine ended while it started (${how}).`, how);
  });
  await Promise.race([once(worker, 'message'), failed]);
  failed.catch(() => {});
  return { process: worker, current: null, videos: 0, isStopping: false };
};
