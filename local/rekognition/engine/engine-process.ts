import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describeEnd, EndedAtStart } from '../../aws-wire/restart-budget.ts';
import type { EngineJob, FaceFact, VideoFacts } from './engine-jobs.ts';

/** A job, and who waits for it. */
export interface Queued {
  readonly job: EngineJob;
  readonly resolve: (value: FaceFact[] | VideoFacts) => void;
  readonly reject: (error: Error) => void;
}

/** A process of the face engine. */
export interface Worker {
  readonly process: ChildProcess;
  /** What it works on; null while it waits. */
  current: Queued | null;
  /** How many videos it was given. */
  videos: number;
  /** It was told to end. */
  isStopping: boolean;
  /** Ends a process that does not come back from its job. */
  timer?: NodeJS.Timeout;
}

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** Steps of "nice" by which an engine gives way to the server: a saturated machine keeps no stream waiting for the event loop. */
const GIVES_WAY = 5;
const lowerPriority = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + GIVES_WAY));
  } catch {
    // It works as well without: a system that does not allow it, or a process that has already ended.
  }
};

/**
 * Processes of their own, not threads: the models' native code has crashed while a thread was torn down, and takes the whole
 * process along. A process that is orphaned ends by itself.
 * @throws StartError if it ends while it loads its models
 */
export const startWorker = async (): Promise<Worker> => {
  const worker = fork(WORKER, {
    serialization: 'advanced',
    execArgv: [],
    // Frames are large and come from many native threads: with glibc's arenas, one a thread, and with a threshold that rises by itself, their
    // memory is never given back.
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
