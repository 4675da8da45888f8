import { once } from 'node:events';
import { AwsError } from '../../aws-wire/aws-error.ts';
import {
  describeEnd,
  describeFailedStart,
  RestartBudget,
  type TroubleListener,
} from '../../aws-wire/restart-budget.ts';
import { rekognitionError } from '../errors.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { type Queued, startWorker, type Worker } from './engine-process.ts';
import { verifyModels } from './models.ts';

type Job = EngineJob extends infer One ? (One extends EngineJob ? Omit<One, 'id'> : never) : never;
export interface PoolOptions extends TroubleListener {
  readonly processes: number;
  /** Maximum number of images in progress or waiting. */
  readonly maxImages: number;
  /** Maximum number of videos in progress or waiting. */
  readonly maxVideos: number;
  /** A job that takes longer is abandoned and its process replaced. */
  readonly maxJobMs?: number;
  /** After this many videos, a process is replaced by another. */
  readonly videosPerProcess?: number;
  /** For processes that end without a job. */
  readonly restarts?: RestartBudget;
}

/** Broken videos have been seen to keep the demultiplexer busy forever. */
const MAX_JOB_MS = 60_000;
const MAX_STOP_MS = 5000;
/** The video decoder keeps some 70 kB of each video forever: after this many a process ends, and another takes its place. */
const VIDEOS_PER_PROCESS = 100;
/** Starts per minute, for processes that end without a job or while they start. */
const MAX_RESTARTS = 5;
const WITHIN_MS = 60_000;

const toTerminal = (line: string) => console.error(`  ${line}`);

/**
 * Face work in separate processes, so that no request stalls the event loop. Each process has one job at a time. Jobs wait here,
 * images before videos, since images are short and a login waits for them. Beyond its capacity the pool refuses immediately.
 */
export class EnginePool {
  #workers: Worker[];
  readonly #options: PoolOptions;
  readonly #images: Queued[] = [];
  readonly #videos: Queued[] = [];
  readonly #restarts: RestartBudget;
  #isClosing = false;
  #starting = 0;
  /** No process is left, and no more are started. */
  #isBroken = false;
  #nextId = 1;

  private constructor(workers: Worker[], options: PoolOptions) {
    this.#workers = workers;
    this.#options = options;
    this.#restarts = options.restarts ?? new RestartBudget(MAX_RESTARTS, WITHIN_MS);
    for (const worker of workers) this.#watch(worker);
  }

  /**
   * Starts the workers and waits until their models are loaded.
   * @throws ModelError if a model file is missing or altered
   */
  static async start(options: PoolOptions): Promise<EnginePool> {
    await verifyModels();
    const workers = await Promise.all(Array.from({ length: options.processes }, startWorker));
    // So that they do not reach their limit at the same time.
    const { videosPerProcess = VIDEOS_PER_PROCESS } = options;
    for (const [index, worker] of workers.entries())
      worker.videos = Math.floor((index * videosPerProcess) / workers.length);
    return new EnginePool(workers, options);
  }

  /** @throws AwsError ThrottlingException beyond capacity, and the errors by which an image is refused */
  analyseImage(bytes: Uint8Array, withEmbeddings: boolean): Promise<FaceFact[]> {
    return this.#enqueue({ kind: 'image', bytes, withEmbeddings }) as Promise<FaceFact[]>;
  }

  /**
   * @param auditImages how many pictures to return besides the reference
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
    return videos >= (this.#options.videosPerProcess ?? VIDEOS_PER_PROCESS);
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
      if (this.#isWornOut(worker)) {
        worker.isStopping = true;
        worker.process.send(STOP);
      }
      this.#dispatch();
    });
    worker.process.once('exit', (code, signal) => void this.#replace(worker, describeEnd(code, signal)));
  }

  /**
   * A worker that dies takes only its job with it, and another one starts in its place. One that dies without a job may keep
   * doing so forever.
   */
  async #replace(dead: Worker, how: string): Promise<void> {
    clearTimeout(dead.timer);
    if (this.#isClosing) return;
    const { current, isStopping } = dead;
    current?.reject(rekognitionError('InternalServerError'));
    this.#workers = this.#workers.filter((worker) => worker !== dead);
    const doing = current === null ? 'without a job' : `at work on one ${current.job.kind}, which fails`;
    if (!isStopping) this.#say(`A process of the face engine ended (${how}), ${doing}; another one takes its place.`);
    if (!isStopping && current === null && !this.#restarts.take()) return this.#giveUp(how);
    await this.#startAnother();
    this.#dispatch();
  }

  async #startAnother(): Promise<void> {
    this.#starting += 1;
    try {
      const worker = await startWorker().finally(() => {
        this.#starting -= 1;
      });
      this.#workers.push(worker);
      this.#watch(worker);
      if (this.#isClosing) worker.process.kill();
    } catch (error) {
      if (this.#isClosing) return;
      if (!this.#restarts.take()) return this.#giveUp(describeFailedStart(error));
      this.#say((error as Error).message);
      await this.#startAnother();
    }
  }

  #say(line: string): void {
    (this.#options.onTrouble ?? toTerminal)(line);
  }

  /** Continues with fewer processes. Without any, nothing that waits or arrives would ever be answered. */
  #giveUp(how: string): void {
    const left = this.#workers.length + this.#starting;
    if (left > 0) {
      this.#say(`It keeps ending and will not be restarted; ${left} of the face engine continue.`);
      return;
    }
    this.#isBroken = true;
    for (const { reject } of [...this.#images.splice(0), ...this.#videos.splice(0)])
      reject(rekognitionError('InternalServerError'));
    const { onBroken = toTerminal } = this.#options;
    onBroken(`The face engine ends again and again (${how}): no face can be checked without it.`);
  }

  #enqueue(job: Job): Promise<FaceFact[] | VideoFacts> {
    if (this.#isBroken) return Promise.reject(rekognitionError('InternalServerError'));
    const queue = job.kind === 'image' ? this.#images : this.#videos;
    const busy = this.#workers.filter(({ current }) => current?.job.kind === job.kind).length;
    const limit = job.kind === 'image' ? this.#options.maxImages : this.#options.maxVideos;
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
      worker.timer = setTimeout(() => worker.process.kill('SIGKILL'), this.#options.maxJobMs ?? MAX_JOB_MS);
      worker.process.send(next.job);
    }
  }
}
