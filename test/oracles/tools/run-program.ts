import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on standard input. */
  readonly input?: string;
}

/** Runs a program to its end. A code other than 0 is no error: many checkers say with it that they found something. */
export const runProgram = async (
  program: string,
  args: readonly string[],
  { cwd, env = {}, input = '' }: ProgramOptions = {},
): Promise<ProgramResult> => {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  // A program that reads nothing may end before it was written.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
};

/**
 * As `runProgram`, for programs that have to succeed.
 *
 * @throws Error with the end of what it printed
 */
export const runToSuccess = async (
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> => {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code !== 0)
    throw new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${`${stdout}\n${stderr}`.slice(-4000)}`);
  return stdout;
};
