import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FIRST_PORT = 4600;

const untilReady = async (child: ChildProcess): Promise<void> => {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('Ready in')) return;
  throw new Error('the platform did not start');
};

/** Seconds from `npm start` to the table of addresses, with built pages: first with empty data, then again. */
export const measureStartUp = async (): Promise<{ readonly firstSeconds: number; readonly againSeconds: number }> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-start-'));
  const start = async (): Promise<number> => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
      cwd: ROOT,
      env: { ...process.env, VERIFIED_PORT: String(FIRST_PORT), VERIFIED_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilReady(child);
    const seconds = (performance.now() - startedAt) / 1000;
    child.stdout?.resume();
    child.kill('SIGINT');
    await once(child, 'exit');
    return seconds;
  };
  try {
    return { firstSeconds: await start(), againSeconds: await start() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
