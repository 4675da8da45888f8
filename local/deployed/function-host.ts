import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** What a function of a deployment is started with. */
export interface HostOptions {
  readonly name: string;
  /** The uploaded bundle. */
  readonly file: string;
  /** All of its environment: it sees nothing of this process's. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Call {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface HostMessage {
  readonly id: number;
  readonly answer?: string;
  readonly error?: string;
}

interface Instance {
  readonly worker: Worker;
  /** Unanswered ones, by number. */
  readonly calls: Map<number, Call>;
}

const HOST = new URL('./function-host.mjs', import.meta.url);

/**
 * A function as deployed: its bundle in a thread with an environment and modules of its own, started by the first call and kept for later
 * ones. Unlike Lambda, one instance takes calls concurrently.
 */
export class FunctionHost {
  readonly #options: HostOptions;
  #instance: Instance | null = null;
  #nextId = 0;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /**
   * @param event sent as JSON
   * @throws Error with the function's own stack, or what ended it
   */
  invoke(event: unknown, context: { readonly awsRequestId: string }): Promise<unknown> {
    this.#instance ??= this.#start();
    const { worker, calls } = this.#instance;
    this.#nextId += 1;
    const id = this.#nextId;
    const answered = new Promise<unknown>((resolve, reject) => calls.set(id, { resolve, reject }));
    worker.postMessage({ id, event: JSON.stringify(event), context });
    return answered;
  }

  /** Ends the instance: the next call starts a new one, which remembers nothing. */
  async end(): Promise<void> {
    const instance = this.#instance;
    this.#instance = null;
    await instance?.worker.terminate();
  }

  #start(): Instance {
    const { file, environment } = this.#options;
    const worker = new Worker(HOST, {
      workerData: { file: pathToFileURL(file).href },
      env: { ...environment },
      execArgv: [],
    });
    const instance: Instance = { worker, calls: new Map() };
    worker.on('message', ({ id, answer, error }: HostMessage) => {
      const call = instance.calls.get(id);
      instance.calls.delete(id);
      if (answer === undefined) call?.reject(new Error(error));
      else call?.resolve(JSON.parse(answer));
    });
    worker.on('error', (error) => this.#lose(instance, error));
    worker.on('exit', (code) => this.#lose(instance, new Error(`${this.#options.name} ended with exit code ${code}`)));
    return instance;
  }

  #lose(instance: Instance, error: Error): void {
    if (this.#instance === instance) this.#instance = null;
    for (const call of instance.calls.values()) call.reject(error);
    instance.calls.clear();
  }
}
