import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** The processes whose command line contains `part`, as Linux lists them. */
export const findProcesses = async (part: string): Promise<FoundProcess[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const command = (await readFile(`/proc/${pid}/cmdline`, 'latin1')).split('\0').slice(0, -1);
        const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? null : { pid: Number(pid), parent: Number(parent), command };
      } catch {
        // It has ended since then.
        return null;
      }
    }),
  );
  return found.filter((one) => one !== null).filter(({ command }) => command.join(' ').includes(part));
};

/** Polls until `find` finds something; a limit is the test's own. */
export const untilFound = async <T>(find: () => Promise<T | null | undefined | false>): Promise<T> => {
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined && found !== false) return found;
    await pause(10);
  }
};
