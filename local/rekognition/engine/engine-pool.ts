import { Worker } from 'node:worker_threads';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { verifyModels } from './models.ts';

type Job = EngineJob extends infer One ? (One extends EngineJob ? Omit<One, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (value: FaceFact[] | VideoFacts) => void;
  readonly reject: (error: Error) => void;
}

/** Face work in worker threads, so that no request stalls the event loop; beyond its capacity it says so at once. */
export class EnginePool {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #maxWaiting: number;
  #nextId = 1;

  private constructor(workers: readonly Worker[], maxWaiting: number) {
    this.#workers = workers;
    this.#maxWaiting = maxWaiting;
    for (const worker of workers) {
      worker.on('message', (reply: EngineReply) => this.#settle(reply));
      worker.on('error', (error) => this.#failAll(error));
    }
  }

  /**
   * Starts the workers and waits until their models are loaded.
   * @throws ModelError if a model file is missing or altered
   */
  static async start(threads: number, maxWaiting: number): Promise<EnginePool> {
    await verifyModels();
    const workers = Array.from({ length: threads }, () => new Worker(new URL('./worker.mjs', import.meta.url)));
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.once('message', () => resolve());
            worker.once('error', reject);
          }),
      ),
    );
    return new EnginePool(workers, maxWaiting);
  }

  analyseImage(bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> {
    return this.#send({ kind: 'image', bytes, withEmbeddings }) as Promise<FaceFact[]>;
  }

  analyseVideo(bytes: Uint8Array): Promise<VideoFacts> {
    return this.#send({ kind: 'video', bytes }) as Promise<VideoFacts>;
  }

  async close(): Promise<void> {
    const ended = this.#workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of this.#workers) worker.postMessage(STOP);
    await Promise.all(ended);
    this.#failAll(new AwsError('ServiceUnavailableException', 'Stopping', 503));
  }

  #send(job: Job): Promise<FaceFact[] | VideoFacts> {
    if (this.#waiting.size >= this.#maxWaiting) {
      return Promise.reject(new AwsError('ThrottlingException', 'Too many requests at once'));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#workers[id % this.#workers.length]?.postMessage({ ...job, id });
    });
  }

  #settle({ id, value, error }: EngineReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error !== undefined) waiting?.reject(new AwsError(error.code, error.message, error.status));
    else if (value !== undefined) waiting?.resolve(value);
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
