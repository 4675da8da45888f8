import { once } from 'node:events';
import { AwsError } from '../../aws-wire/aws-error.ts';
import { rekognitionError } from '../errors.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { type Queued, startWorker, type Worker } from './engine-process.ts';
import { verifyModels } from './models.ts';

type Job = EngineJob extends infer One ? (One extends EngineJob ? Omit<One, 'id'> : never) : never;

export interface PoolSize {
  readonly processes: number;
  /** Images that are worked on or wait, at most. */
  readonly maxImages: number;
  /** Videos that are worked on or wait, at most. */
  readonly maxVideos: number;
  /** A job that takes longer is given up and its process replaced. */
  readonly maxJobMs?: number;
  /** After so many videos another process takes a process's place. */
  readonly videosPerProcess?: number;
}

/** A minute: broken videos have been seen to keep the demultiplexer busy for ever. */
const MAX_JOB_MS = 60_000;
const MAX_STOP_MS = 5000;
/** The video decoder keeps some 70 kB of each video for ever: after so many a process ends, and another takes its place. */
const VIDEOS_PER_PROCESS = 100;

/**
 * Face work in processes of its own, so that no request stalls the event loop. Each process has one job at a time: what waits,
 * waits here, images before videos, since they are short and somebody's login waits for them. Beyond its capacity it says so at
 * once.
 */
export class EnginePool {
  #workers: Worker[];
  readonly #size: PoolSize;
  readonly #images: Queued[] = [];
  readonly #videos: Queued[] = [];
  #isClosing = false;
  #nextId = 1;

  private constructor(workers: Worker[], size: PoolSize) {
    this.#workers = workers;
    this.#size = size;
    for (const worker of workers) this.#watch(worker);
  }

  /**
   * Starts the workers and waits until their models are loaded.
   * @throws ModelError if a model file is missing or altered
   */
  static async start(size: PoolSize): Promise<EnginePool> {
    await verifyModels();
    const workers = await Promise.all(Array.from({ length: size.processes }, startWorker));
    // So that they do not wear out at the same time.
    const { videosPerProcess = VIDEOS_PER_PROCESS } = size;
    for (const [index, worker] of workers.entries())
      worker.videos = Math.floor((index * videosPerProcess) / workers.length);
    return new EnginePool(workers, size);
  }

  /** @throws AwsError ThrottlingException beyond capacity, and what the image is refused with */
  analyseImage(bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> {
    return this.#enqueue({ kind: 'image', bytes, withEmbeddings }) as Promise<FaceFact[]>;
  }

  /**
   * @param auditImages how many pictures to give besides the reference
   * @throws AwsError ThrottlingException beyond capacity
   */
  analyseVideo(bytes: Uint8Array, auditImages: number): Promise<VideoFacts> {
    return this.#enqueue({ kind: 'video', bytes, auditImages }) as Promise<VideoFacts>;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const ended = this.#workers.map(({ process }) => once(process, 'exit'));
    for (const { process } of this.#workers) if (process.connected) process.send(STOP);
    const timer = setTimeout(() => {
      for (const { process } of this.#workers) process.kill('SIGKILL');
    }, MAX_STOP_MS);
    await Promise.all(ended);
    clearTimeout(timer);
    const stopping = new AwsError('ServiceUnavailableException', 'Stopping', 503);
    const left = [...this.#images.splice(0), ...this.#videos.splice(0)];
    for (const { reject } of left) reject(stopping);
    for (const worker of this.#workers) worker.current?.reject(stopping);
  }

  #isWornOut({ videos }: Worker): boolean {
    return videos >= (this.#size.videosPerProcess ?? VIDEOS_PER_PROCESS);
  }

  #watch(worker: Worker): void {
    worker.process.on('message', (reply: EngineReply) => {
      const { current } = worker;
      if (current === null || current.job.id !== reply.id) return;
      worker.current = null;
      clearTimeout(worker.timer);
      if (reply.error !== undefined)
        current.reject(new AwsError(reply.error.code, reply.error.message, reply.error.status));
      else if (reply.value !== undefined) current.resolve(reply.value);
      if (this.#isWornOut(worker)) worker.process.send(STOP);
      this.#dispatch();
    });
    worker.process.once('exit', () => void this.#replace(worker));
  }

  /** A worker that died takes its job along and nothing else; another one starts in its place. */
  async #replace(dead: Worker): Promise<void> {
    clearTimeout(dead.timer);
    if (this.#isClosing) return;
    dead.current?.reject(rekognitionError('InternalServerError'));
    this.#workers = this.#workers.filter((worker) => worker !== dead);
    try {
      const worker = await startWorker();
      this.#workers.push(worker);
      this.#watch(worker);
      if (this.#isClosing) worker.process.kill();
    } catch (error) {
      console.error('local Rekognition:', error);
      if (this.#workers.length > 0) return;
      const left = [...this.#images.splice(0), ...this.#videos.splice(0)];
      for (const { reject } of left) reject(rekognitionError('InternalServerError'));
    }
    this.#dispatch();
  }

  #enqueue(job: Job): Promise<FaceFact[] | VideoFacts> {
    const queue = job.kind === 'image' ? this.#images : this.#videos;
    const busy = this.#workers.filter(({ current }) => current?.job.kind === job.kind).length;
    const limit = job.kind === 'image' ? this.#size.maxImages : this.#size.maxVideos;
    if (queue.length + busy >= limit) return Promise.reject(rekognitionError('ThrottlingException'));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      queue.push({ job: { ...job, id }, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (const worker of this.#workers) {
      if (worker.current !== null || !worker.process.connected || this.#isWornOut(worker)) continue;
      const next = this.#images.shift() ?? this.#videos.shift();
      if (next === undefined) return;
      worker.current = next;
      if (next.job.kind === 'video') worker.videos += 1;
      worker.timer = setTimeout(() => worker.process.kill('SIGKILL'), this.#size.maxJobMs ?? MAX_JOB_MS);
      worker.process.send(next.job);
    }
  }
}
