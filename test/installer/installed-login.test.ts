import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { runInstaller } from '../../action/installer/run-installer.ts';
import { buildAction } from '../../action/tools/build.ts';
import { logIn, tenantWorld } from '../tenant/tenant-world.ts';
import { startManagementServer } from './management-server.ts';

const INTEGRATION = `int_${'b'.repeat(20)}`;
const SECRET = 'L'.repeat(43);

test('the Action as it was installed sends a login of the local tenant to the face check', async () => {
  const { management, domain, close } = await startManagementServer();
  const complaints: string[] = [];
  const exitCode = await runInstaller(
    [
      'auth0',
      'install',
      '--domain',
      domain,
      '--integration',
      INTEGRATION,
      '--capture-url',
      'https://verify.example.com',
    ],
    {
      environment: { AUTH0_ACCESS_TOKEN: 'opaque-token', VERIFIED_SESSION_SECRET: SECRET },
      fetch: globalThis.fetch,
      pause: async () => {},
      print: () => {},
      complain: (line) => void complaints.push(line),
      readStdin: async () => '',
      askSecret: null,
      askConsent: null,
      buildCode: async () => readFile((await buildAction()).file, 'utf8'),
    },
  );
  await close();
  expect([exitCode, complaints]).toEqual([0, []]);
  const [installed] = [...management.tenant.actions.values()];
  const world = await tenantWorld([]);
  const file = join(world.folder, 'installed.cjs');
  await writeFile(file, installed?.deployed?.code ?? '');
  await world.stop();
  const action = { name: installed?.name ?? '', file, secrets: installed?.secrets ?? {} };
  const tenant = await tenantWorld([], { folder: world.folder, actions: [action] });
  try {
    const page = await logIn(tenant.browser(), await tenant.begin());
    expect(page.url.origin + page.url.pathname).toBe(`https://verify.example.com/s/${INTEGRATION}`);
    expect(page.url.searchParams.get('state')).toBeTruthy();
    expect(decodeJwt(page.url.searchParams.get('session_token') ?? '')).toMatchObject({
      aud: `verified:${INTEGRATION}`,
    });
  } finally {
    await tenant.close();
  }
});
