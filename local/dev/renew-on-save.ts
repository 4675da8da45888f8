import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FSWatcher } from 'vite';
import { inOneLine } from './one-line.ts';
import { ROOT } from './root.ts';

/** A part of the product that is rebuilt when one of its source files is saved. */
export interface RenewedPart {
  readonly name: string;
  readonly sources: RegExp;
  /** @returns what is new, in a few words; null: nothing. @throws the reason why it failed; the previous version keeps running */
  readonly renew: () => Promise<string | null>;
}

/** What the running process has read and will not read again. */
const READ_AT_THE_START = /^(local|lib)\/|^web\/([\w-]+\/security-headers|build)\.ts$|^action\/(installer|tools)\//;

/** An editor empties a file and fills it, or saves several: changes within this time are handled together. */
const SETTLED_AFTER_MS = 30;

/** Calls `work` once for everything that was saved together, or while it was running. */
const oneAtATime = (work: (files: readonly string[]) => Promise<void>) => {
  const waiting = new Set<string>();
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.size > 0) {
      await pause(SETTLED_AFTER_MS);
      const files = [...waiting];
      waiting.clear();
      await work(files);
    }
    isRunning = false;
  };
  return (file: string): void => {
    waiting.add(file);
    if (!isRunning) void run();
  };
};

/** Rebuilds parts when their sources are saved, and reports each time in one line the result and how long it took. */
export const renewOnSave = (watcher: FSWatcher, parts: readonly RenewedPart[], say: (line: string) => void): void => {
  const renewals = parts.map(({ name, sources, renew }) => ({
    sources,
    note: oneAtATime(async (files) => {
      const startedAt = performance.now();
      const saved = files.length > 2 ? `${files.length} files` : files.join(', ');
      try {
        const news = await renew();
        const tookMs = Math.round(performance.now() - startedAt);
        say(news === null ? `· ${name}: no change (${saved})` : `↻ ${name}: ${news} in ${tookMs} ms (${saved})`);
      } catch (error) {
        say(`✗ ${inOneLine(error)}; ${name}: the previous version keeps running`);
      }
    }),
  }));
  const restart = oneAtATime(async ([file]) => say(`· ${file} is read only at the start: restart to apply it`));
  watcher.on('all', (event, path) => {
    if (event !== 'change' && event !== 'add' && event !== 'unlink') return;
    const file = relative(ROOT, path);
    if (!/\.(tsx?|json)$/.test(file)) return;
    const renewed = renewals.filter(({ sources }) => sources.test(file));
    for (const { note } of renewed) note(file);
    if (renewed.length === 0 && event === 'change' && READ_AT_THE_START.test(file)) restart(file);
  });
};
