import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { verifyModels } from './models.ts';

type Job = EngineJob extends infer One ? (One extends EngineJob ? Omit<One, 'id'> : never) : never;

interface Waiting {
  readonly worker: ChildProcess;
  readonly resolve: (value: FaceFact[] | VideoFacts) => void;
  readonly reject: (error: Error) => void;
}

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/**
 * Processes of their own, not threads: the models' native code has crashed while a thread was torn down, and takes the whole
 * process along. A process that is orphaned ends by itself.
 */
const startWorker = async (): Promise<ChildProcess> => {
  const worker = fork(WORKER, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const failed = once(worker, 'exit').then(() => {
    throw new Error('a face engine ended while it started');
  });
  await Promise.race([once(worker, 'message'), failed]);
  failed.catch(() => {});
  return worker;
};

/** Face work in processes of its own, so that no request stalls the event loop; beyond its capacity it says so at once. */
export class EnginePool {
  readonly #workers: ChildProcess[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #maxWaiting: number;
  #isClosing = false;
  #nextId = 1;

  private constructor(workers: ChildProcess[], maxWaiting: number) {
    this.#workers = workers;
    this.#maxWaiting = maxWaiting;
    for (const worker of workers) this.#watch(worker);
  }

  /**
   * Starts the workers and waits until their models are loaded.
   * @throws ModelError if a model file is missing or altered
   */
  static async start(processes: number, maxWaiting: number): Promise<EnginePool> {
    await verifyModels();
    return new EnginePool(await Promise.all(Array.from({ length: processes }, startWorker)), maxWaiting);
  }

  analyseImage(bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> {
    return this.#send({ kind: 'image', bytes, withEmbeddings }) as Promise<FaceFact[]>;
  }

  analyseVideo(bytes: Uint8Array): Promise<VideoFacts> {
    return this.#send({ kind: 'video', bytes }) as Promise<VideoFacts>;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const ended = this.#workers.map((worker) => once(worker, 'exit'));
    for (const worker of this.#workers) worker.send(STOP);
    await Promise.all(ended);
    this.#fail(() => true, new AwsError('ServiceUnavailableException', 'Stopping', 503));
  }

  #watch(worker: ChildProcess): void {
    worker.on('message', (reply: EngineReply) => this.#settle(reply));
    worker.once('exit', () => void this.#replace(worker));
  }

  /** A worker that died takes its jobs along and nothing else; another one starts in its place. */
  async #replace(dead: ChildProcess): Promise<void> {
    if (this.#isClosing) return;
    this.#fail((worker) => worker === dead, new AwsError('InternalServerError', 'Internal failure', 500));
    const worker = await startWorker();
    this.#workers[this.#workers.indexOf(dead)] = worker;
    this.#watch(worker);
    if (this.#isClosing) worker.kill();
  }

  #send(job: Job): Promise<FaceFact[] | VideoFacts> {
    if (this.#waiting.size >= this.#maxWaiting) {
      return Promise.reject(new AwsError('ThrottlingException', 'Too many requests at once'));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const worker = this.#workers[id % this.#workers.length];
    return new Promise((resolve, reject) => {
      if (worker?.connected !== true) return reject(new AwsError('InternalServerError', 'Internal failure', 500));
      this.#waiting.set(id, { worker, resolve, reject });
      worker.send({ ...job, id });
    });
  }

  #settle({ id, value, error }: EngineReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error !== undefined) waiting?.reject(new AwsError(error.code, error.message, error.status));
    else if (value !== undefined) waiting?.resolve(value);
  }

  #fail(isMeant: (worker: ChildProcess) => boolean, error: Error): void {
    for (const [id, { worker, reject }] of this.#waiting) {
      if (!isMeant(worker)) continue;
      this.#waiting.delete(id);
      reject(error);
    }
  }
}
