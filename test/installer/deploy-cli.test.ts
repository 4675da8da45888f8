import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ACTION_SETTINGS } from '../../action/installer/action-settings.ts';
import { buildAction } from '../../action/tools/build.ts';
import { buildPackages } from '../../action/tools/packages/build-packages.ts';
import { startManagementServer } from './management-server.ts';

const SECRET = 'D'.repeat(43);
const REQUIRED = {
  INTEGRATION_ID: `int_${'b'.repeat(20)}`,
  SESSION_SECRET: SECRET,
  CAPTURE_URL: 'https://verify.example.com',
};

/** auth0-deploy-cli itself, as action/packages/README.md says to run it. */
const runImport = async (folder: string, domain: string, accessToken: string) => {
  const program = createRequire(import.meta.url).resolve('auth0-deploy-cli');
  const preload = fileURLToPath(new URL('./loopback-fetch.mjs', import.meta.url));
  const input = ['--config_file', join(folder, 'config.json'), '--input_file', folder];
  const settings = Object.fromEntries(Object.entries(REQUIRED).map(([name, value]) => [`VERIFIED_${name}`, value]));
  const child = spawn(process.execPath, ['--import', preload, program, 'import', ...input], {
    env: { PATH: process.env['PATH'], AUTH0_DOMAIN: domain, AUTH0_ACCESS_TOKEN: accessToken, ...settings },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output: `${stdout}${stderr}`, exitCode };
};

test('auth0-deploy-cli installs the package; it replaces the flow, as its README warns', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'packages-'));
  const { management, domain, accessToken, close } = await startManagementServer();
  try {
    await management.addForeign('somebody else');
    await buildPackages(folder);
    const { output, exitCode } = await runImport(join(folder, 'deploy-cli'), domain, accessToken);
    expect(exitCode, output).toBe(0);
    const action = management.byName('Verified face factor');
    expect(action?.versions.at(-1)).toMatchObject({
      code: await readFile((await buildAction()).file, 'utf8'),
      runtime: 'node22',
    });
    const defaults = ACTION_SETTINGS.flatMap(({ name, defaultValue }) =>
      defaultValue === null ? [] : [[name, defaultValue]],
    );
    expect(action?.secrets).toEqual({ ...Object.fromEntries(defaults), ...REQUIRED });
    expect(management.registry.bindings().map(({ actionId }) => actionId)).toEqual([action?.id]);
    expect(output).not.toContain(SECRET);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
});
