import { readFile } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInstaller } from '../../../action/installer/run-installer.ts';
import { buildAction } from '../../../action/tools/build.ts';
import { ALICE } from '../../local/tenant/tenant-world.ts';
import { BrowserlessAgent, loopbackFetch, type Page } from '../../support/browserless-agent.ts';
import { INSTALLER, NATIVE_INSTALLER, startManagementServer } from './management-server.ts';

const INTEGRATION = `int_${'b'.repeat(20)}`;
const SECRET = 'L'.repeat(43);
const APP = {
  clientId: 'app',
  clientSecret: 'app-secret-of-more-than-32-characters',
  name: 'App',
  redirectUris: ['http://app.localhost/callback'],
  logoutUris: [],
  metadata: {},
};

let server: Awaited<ReturnType<typeof startManagementServer>>;
beforeAll(async () => {
  server = await startManagementServer({ clients: [APP, INSTALLER, NATIVE_INSTALLER], seedUsers: [ALICE] });
});
afterAll(() => server.close());

/** Runs the installer with its own login: its requests go directly to the tenant, not through the proxy. */
const run = async (args: readonly string[], clientId: string = INSTALLER.clientId) => {
  const lines: string[] = [];
  const exitCode = await runInstaller(['auth0', ...args, '--domain', server.tenantDomain, '--client-id', clientId], {
    environment: { VERIFIED_SESSION_SECRET: SECRET, AUTH0_CLIENT_SECRET: INSTALLER.clientSecret },
    fetch: globalThis.fetch,
    // While the installer waits for the device code, an admin confirms it.
    pause: async () => {
      if (args.includes('--device')) await confirmDevice(lines.join('\n'));
    },
    print: (line) => void lines.push(line),
    complain: (line) => void lines.push(line),
    readStdin: async () => '',
    askSecret: null,
    askConsent: null,
    buildCode: async () => readFile((await buildAction()).file, 'utf8'),
  });
  return { exitCode, text: lines.join('\n') };
};

const confirmDevice = async (printed: string): Promise<void> => {
  const [address] = /http\S+user_code=\S+/.exec(printed) ?? [];
  if (address === undefined) throw new Error(`no address in: ${printed}`);
  const browser = new BrowserlessAgent();
  const confirmed = await browser.submit(await browser.submit(await browser.open(address)));
  await browser.submit(confirmed, { email: ALICE.email, password: ALICE.password });
};

const logIn = async (): Promise<Page> => {
  const url = new URL('authorize', server.management.tenant.issuer);
  const [redirect_uri = ''] = APP.redirectUris;
  url.search = String(new URLSearchParams({ client_id: 'app', response_type: 'code', redirect_uri, scope: 'openid' }));
  const browser = new BrowserlessAgent(({ hostname }) => hostname === 'tenant.localhost');
  return browser.submit(await browser.open(url), { email: ALICE.email, password: ALICE.password });
};

const INSTALL = ['install', '--integration', INTEGRATION, '--capture-url', 'https://verify.example.com'];

test('installed with client credentials, the Action runs in the next login; uninstalled, no longer', async () => {
  expect(await run(INSTALL)).toMatchObject({ exitCode: 0 });
  const page = await logIn();
  expect(page.url.origin + page.url.pathname).toBe(`https://verify.example.com/s/${INTEGRATION}`);
  expect(page.url.searchParams.get('state')).toBeTruthy();
  expect(decodeJwt(page.url.searchParams.get('session_token') ?? '')).toMatchObject({ aud: `verified:${INTEGRATION}` });
  expect((await run(['status'])).exitCode).toBe(0);
  expect((await run(['uninstall'])).exitCode).toBe(0);
  expect((await logIn()).url.searchParams.get('code')).toBeTruthy();
});

test('a login by device code is confirmed in a browser and has the permissions of its application', async () => {
  const { exitCode, text } = await run([...INSTALL, '--device', '--dry-run'], NATIVE_INSTALLER.clientId);
  expect([exitCode, text]).toEqual([0, expect.stringContaining('dry run')]);
});

test.each([
  ['no token', '', 401, 'missing_token'],
  ['an unknown token', 'Bearer x.y.z', 401, 'invalid_token'],
])('the Management API refuses %s', async (_title, authorization, status, errorCode) => {
  const response = await loopbackFetch(new URL('api/v2/actions/actions', server.management.tenant.issuer), {
    headers: { authorization },
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ statusCode: status, errorCode });
});
