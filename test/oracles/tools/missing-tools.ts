import { runProgram } from './run-program.ts';

/** What an oracle may need of a machine: how to see that it is there, and what to call it where it is not. */
const NEEDS = {
  python: {
    words: 'Python 3.10 or newer with venv',
    isThere: async () => {
      // Debian splits off what environments need.
      const probe = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))';
      const { code } = await runProgram('python3', ['-c', probe]).catch(() => ({ code: 1 }));
      return code === 0;
    },
  },
  'x86-64': {
    words: 'Linux or macOS that runs programs for x86-64',
    isThere: async () => process.platform === 'darwin' || (process.platform === 'linux' && process.arch === 'x64'),
  },
} as const;

export type Need = keyof typeof NEEDS;

/** In words: what this machine lacks. */
export const missingTools = async (needs: readonly Need[]): Promise<readonly string[]> => {
  const missing: string[] = [];
  for (const need of needs) if (!(await NEEDS[need].isThere())) missing.push(NEEDS[need].words);
  return missing;
};
