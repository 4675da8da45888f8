import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clockEnvironment } from '../../clock/clock-environment.ts';
import { startManagementServer } from './management-server.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SECRET = 'P'.repeat(43);

/** Runs the program as from a shell, without a terminal. */
const verified = async (args: readonly string[], stdin: string) => {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'bin/verified.mjs'), ...args], {
    env: { PATH, ...clockEnvironment() },
    cwd: ROOT,
  });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, exitCode, argv: child.spawnargs };
};

test('T71 the program installs with secrets from standard input; they are in no argument and in no output', async () => {
  const { management, domain, accessToken, close } = await startManagementServer();
  try {
    const settings = ['--integration', `int_${'b'.repeat(20)}`, '--capture-url', 'https://verify.example.com'];
    const result = await verified(
      ['auth0', 'install', '--domain', domain, ...settings, '--secrets-stdin'],
      `AUTH0_ACCESS_TOKEN=${accessToken}\nVERIFIED_SESSION_SECRET=${SECRET}\n`,
    );
    expect(result).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('place 1 of 1') });
    const [action] = management.registry.list();
    expect(action?.secrets).toMatchObject({ SESSION_SECRET: SECRET });
    for (const secret of [SECRET, accessToken]) {
      expect(`${result.stdout}${result.stderr}${result.argv.join(' ')}`).not.toContain(secret);
    }
  } finally {
    await close();
  }
});

test('a wrong command line ends with exit code 2 and one sentence on standard error', async () => {
  const { exitCode, stdout, stderr } = await verified(['auth0', 'instal'], '');
  expect([exitCode, stdout, stderr.trim().split('\n')]).toEqual([2, '', [expect.stringContaining('--help')]]);
});
