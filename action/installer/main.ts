import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { buildAction } from '../tools/build.ts';
import { InstallerError } from './installer-error.ts';
import { runInstaller } from './run-installer.ts';

const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;

/** Ctrl-C at a question ends the run with a message, not with a stack trace. */
const stopped = (): never => {
  throw new InstallerError('usage', 'Stopped. Nothing was changed.');
};

const ask = async (question: string): Promise<string> => {
  const { password } = await import('@inquirer/prompts');
  return password({ message: question, mask: true }).catch(stopped);
};

const consent = async (question: string): Promise<boolean> => {
  const { confirm } = await import('@inquirer/prompts');
  return confirm({ message: question, default: false }).catch(stopped);
};

/** Runs the installer for this process: its arguments, environment, terminal and network. Sets the exit code. */
export const main = async (): Promise<void> => {
  process.exitCode = await runInstaller(process.argv.slice(2), {
    environment: process.env,
    fetch: globalThis.fetch,
    pause: (durationMs) => pause(durationMs),
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    readStdin: () => text(process.stdin),
    askSecret: isInteractive ? ask : null,
    askConsent: isInteractive ? consent : null,
    buildCode: async () => readFile((await buildAction()).file, 'utf8'),
  });
};
