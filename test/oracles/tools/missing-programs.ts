import { runProgram } from './run-program.ts';

/** How to see that a program is there and can be used. */
const PROBES = {
  // Debian splits off what environments need.
  python3: ['python3', '-c', 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))'],
  unzip: ['unzip', '-v'],
} as const;

export type NeededProgram = keyof typeof PROBES;

/** In words: those of the programs that this machine lacks. */
export const missingPrograms = async (needed: readonly NeededProgram[]): Promise<readonly string[]> => {
  const missing: string[] = [];
  for (const name of needed) {
    const [program, ...args] = PROBES[name];
    const found = await runProgram(program, args).catch(() => ({ code: 1 }));
    if (found.code !== 0) missing.push(name === 'python3' ? 'Python 3.10 or newer with venv' : name);
  }
  return missing;
};
