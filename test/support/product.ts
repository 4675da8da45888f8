import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm start` runs, as a process of its own, and what it said on the terminal so far. */
export interface Product {
  readonly process: ChildProcess;
  readonly said: () => string;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves once it has said `text`; throws if it ends without. */
  readonly until: (text: string) => Promise<void>;
}

export const runProduct = (environment: Readonly<Record<string, string>>, options: readonly string[] = []): Product => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...options], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const more = [child.stdout, child.stderr].map((stream) => once(stream, 'data').then(() => 'more' as const));
      const what = await Promise.race([...more, ended.then(() => 'ended' as const)]);
      if (what === 'ended' && !text.includes(wanted)) throw new Error(`the product ended: ${text}`);
    }
  };
  return { process: child, said: () => text, ended, until };
};
