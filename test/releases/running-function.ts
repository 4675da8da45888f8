import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

const RUNNER = fileURLToPath(new URL('./run-bundle.mjs', import.meta.url));

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: string;
}

/** A function in a process of its own, which serves one event after the other. */
export interface RunningFunction {
  /** @throws Error if the handler threw, or the process ended */
  call(event: object): Promise<unknown>;
  /** The lines that it has written to its log since the last call. */
  takeLines(): readonly string[];
  close(): Promise<void>;
}

/**
 * @param file the bundle
 * @param environment all that the process has
 * @param cwd an empty folder
 */
export const startFunction = async (
  file: string,
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<RunningFunction> => {
  const child = fork(RUNNER, {
    cwd,
    env: { ...environment, BUNDLE: pathToFileURL(file).href },
    execArgv: [],
    silent: true,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      log += chunk;
    });
  const ended = once(child, 'exit').then(() => new Error(`${file} ended: ${log.slice(-2000)}`));
  const waiting = new Map<number, (reply: Reply | Error) => void>();
  void ended.then((error) => {
    for (const settle of waiting.values()) settle(error);
  });
  const isReady = await Promise.race([once(child, 'message'), ended]);
  if (isReady instanceof Error) throw isReady;
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
  let calls = 0;
  return {
    call: async (event) => {
      const id = ++calls;
      const reply = await new Promise<Reply | Error>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, event });
      });
      waiting.delete(id);
      if (reply instanceof Error) throw reply;
      if (reply.failure !== undefined) throw new Error(reply.failure);
      return reply.answer;
    },
    takeLines: () => {
      const lines = log.split('\n');
      // The last one may not be whole yet.
      log = lines.pop() ?? '';
      return lines;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};
