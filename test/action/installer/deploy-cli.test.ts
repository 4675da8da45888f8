import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACTION_SETTINGS } from '../../../action/installer/action-settings.ts';
import { buildAction } from '../../../action/tools/build.ts';
import { buildPackages } from '../../../action/tools/packages/build-packages.ts';
import { INSTALLER, startManagementServer } from './management-server.ts';

const SECRET = 'D'.repeat(43);
const REQUIRED = {
  INTEGRATION_ID: `int_${'b'.repeat(20)}`,
  SESSION_SECRET: SECRET,
  CAPTURE_URL: 'https://verify.example.com',
};

/** The real auth0-deploy-cli, over local http. */
const runCli = async (args: readonly string[], environment: Readonly<Record<string, string>>) => {
  const program = createRequire(import.meta.url).resolve('auth0-deploy-cli');
  const preload = fileURLToPath(new URL('./loopback-fetch.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--import', preload, program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output: `${stdout}${stderr}`, exitCode };
};

/** Runs it as action/packages/README.md says. */
const runImport = (folder: string, domain: string, accessToken: string) => {
  const settings = Object.fromEntries(Object.entries(REQUIRED).map(([name, value]) => [`VERIFIED_${name}`, value]));
  return runCli(['import', '--config_file', join(folder, 'config.json'), '--input_file', folder], {
    AUTH0_DOMAIN: domain,
    AUTH0_ACCESS_TOKEN: accessToken,
    ...settings,
  });
};

/** With its own login, by client credentials. */
const runExport = (folder: string, domain: string) =>
  runCli(['export', '--format', 'directory', '--output_folder', folder], {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: INSTALLER.clientId,
    AUTH0_CLIENT_SECRET: INSTALLER.clientSecret,
    AUTH0_INCLUDED_ONLY: '["actions","triggers","clients","tenant"]',
  });

let folder: string;
let server: Awaited<ReturnType<typeof startManagementServer>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  server = await startManagementServer();
  await buildPackages(folder);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const builtCode = async (): Promise<string> => readFile((await buildAction()).file, 'utf8');

test('auth0-deploy-cli installs the package; it replaces the flow, as its README warns', async () => {
  const { management, domain, accessToken } = server;
  await management.addForeign('somebody else');
  const { output, exitCode } = await runImport(join(folder, 'deploy-cli'), domain, accessToken);
  expect(exitCode, output).toBe(0);
  const action = management.byName('Verified face factor');
  expect(action?.versions.at(-1)).toMatchObject({ code: await builtCode(), runtime: 'node22' });
  const defaults = ACTION_SETTINGS.flatMap(({ name, defaultValue }) =>
    defaultValue === null ? [] : [[name, defaultValue]],
  );
  expect(action?.secrets).toEqual({ ...Object.fromEntries(defaults), ...REQUIRED });
  expect(management.registry.bindings().map(({ actionId }) => actionId)).toEqual([action?.id]);
  expect(output).not.toContain(SECRET);
});

test('auth0-deploy-cli exports what is in the tenant', async () => {
  const { management, tenantDomain } = server;
  await management.reset();
  await management.addForeign('Theirs');
  const exported = join(folder, 'exported');
  const { exitCode, output } = await runExport(exported, tenantDomain);
  expect(exitCode, output).toBe(0);
  expect(await readFile(join(exported, 'actions', 'Theirs', 'code.js'), 'utf8')).toBe('// Theirs');
  expect(JSON.parse(await readFile(join(exported, 'triggers', 'triggers.json'), 'utf8'))).toEqual({
    'post-login': [{ action_name: 'Theirs', display_name: 'Theirs!' }],
  });
  expect(output).not.toContain(INSTALLER.clientSecret);
});
