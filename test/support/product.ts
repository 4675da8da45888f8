import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm start` runs, as a separate process, and its terminal output so far. */
export interface Product {
  readonly process: ChildProcess;
  readonly said: () => string;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves once it has written `text`; throws if it ends without. */
  readonly until: (text: string) => Promise<void>;
}

/** @param folder of the sources; default: the repository */
export const runProduct = (
  environment: Readonly<Record<string, string>>,
  options: readonly string[] = [],
  folder = ROOT,
): Product => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...options], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
      for (const listen of listeners) listen();
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const until = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const listen = (): void => {
        if (!text.includes(wanted)) return;
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
      listen();
      void ended.then(() => reject(new Error(`the product ended: ${text}`)));
    });
  return { process: child, said: () => text, ended, until };
};
