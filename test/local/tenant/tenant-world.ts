import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { GRANT } from '../../../local/tenant/openid/tenant-client.ts';
import { startTenant, type TenantOptions } from '../../../local/tenant/start-tenant.ts';
import { BrowserlessAgent, loopbackFetch, type Page } from '../../support/browserless-agent.ts';

export const ALICE = {
  email: 'alice@example.com',
  name: 'Alice Anderson',
  password: 'harbour-alice',
  emailVerified: true,
} as const;
export const BOB = {
  email: 'bob@example.com',
  name: 'Bob Brown',
  password: 'harbour-bob',
  emailVerified: true,
} as const;
export const HOST = 'tenant.localhost';
/** Where the test Actions send users; never loaded, so that a test sees the address. */
const CAPTURE = 'https://capture.example/face';
export const SECRET = 'a-test-secret-of-more-than-32-characters';
export const API = 'https://api.harbour.example/';
export const CLAIM = 'https://app.example/claim';
/** The first app, and a second one for single sign-on. */
export const APPS = ['bank', 'shop'] as const;
export type App = (typeof APPS)[number];

const callbackOf = (app: App): string => `http://${app}.localhost/callback`;

/** A login that an app began. */
export interface BegunLogin {
  readonly app: App;
  readonly url: URL;
  readonly nonce: string;
  readonly codeVerifier: string | null;
  readonly state: string;
}

const clientOf = (app: App) => ({
  clientId: app,
  clientSecret: `${app}-secret-of-more-than-32-characters`,
  name: `The ${app}`,
  redirectUris: [callbackOf(app)],
  logoutUris: [`http://${app}.localhost/`],
  metadata: { tier: app },
  // The bank may do everything; the shop has an app's defaults.
  ...(app === 'bank'
    ? { grantTypes: Object.values(GRANT), clientGrants: [{ audience: API, scopes: ['read:balance'] }] }
    : {}),
});

export const ORGANIZATION = {
  id: 'org_abcdefgh12345678',
  name: 'harbour',
  displayName: 'Harbour',
  metadata: { plan: 'gold' },
  members: [ALICE.email],
} as const;

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'tenant-'));

const SEEDED_FILES = ['keys.json', 'users.json'] as const;

/** Keys and seeded users of a tenant that ran once: creating them again for every test takes most of its time. */
const seeded = (async (): Promise<readonly Buffer[]> => {
  const folder = await newFolder();
  const options = { port: 0, hostname: HOST, folder, actions: [], clients: [], customClaims: [] };
  await (await startTenant({ ...options, seedUsers: [ALICE, BOB] })).close();
  const files = await Promise.all(SEEDED_FILES.map((file) => readFile(join(folder, file))));
  await rm(folder, { recursive: true });
  return files;
})();

const seededFolder = async (): Promise<string> => {
  const [files, folder] = await Promise.all([seeded, newFolder()]);
  await Promise.all(
    SEEDED_FILES.map((file, index) => writeFile(join(folder, file), files[index] ?? '', { mode: 0o600 })),
  );
  return folder;
};

/** A tenant on a free port that runs Actions with the given sources. */
export const tenantWorld = async (actions: readonly string[], options: Partial<TenantOptions> = {}) => {
  const folder = options.folder ?? (await seededFolder());
  const sources = await Promise.all(
    actions.map(async (code, index) => {
      const file = join(folder, `action-${index}.cjs`);
      await writeFile(file, code);
      return { name: `action-${index}`, file, secrets: { SECRET, CAPTURE } };
    }),
  );
  const lines: string[] = [];
  const tenant = await startTenant({
    port: 0,
    hostname: HOST,
    folder,
    actions: sources,
    clients: APPS.map(clientOf),
    apis: [{ audience: API, scopes: ['read:balance'] }],
    organizations: [ORGANIZATION],
    seedUsers: [ALICE, BOB],
    customClaims: [CLAIM],
    log: (line) => void lines.push(line),
    ...options,
  });
  const discover = (issuer: string, app: App): Promise<oidc.Configuration> => {
    const { clientId, clientSecret } = clientOf(app);
    return oidc.discovery(new URL(issuer), clientId, clientSecret, oidc.ClientSecretPost(), {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: loopbackFetch as unknown as oidc.CustomFetch,
    });
  };
  const configurations = new Map<App, Promise<oidc.Configuration>>();
  const configurationOf = (app: App): Promise<oidc.Configuration> => {
    const found = configurations.get(app) ?? discover(tenant.issuer, app);
    configurations.set(app, found);
    return found;
  };

  /** Builds the address by which an app starts a login; `pkce: 'no'` leaves the challenge out. */
  const beginWith = async (config: oidc.Configuration, parameters: Record<string, string>, app: App) => {
    const { pkce, ...rest } = parameters;
    const codeVerifier = pkce === 'no' ? null : oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callbackOf(app),
      scope: 'openid profile email',
      state,
      nonce,
      ...(codeVerifier === null
        ? {}
        : { code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier), code_challenge_method: 'S256' }),
      ...rest,
    });
    return { app, url, nonce, codeVerifier, state };
  };
  const begin = async (parameters: Record<string, string> = {}, app: App = 'bank'): Promise<BegunLogin> =>
    beginWith(await configurationOf(app), parameters, app);
  /** Starts a login of the bank on a custom domain. */
  const beginAt = async (hostname: string) => {
    const issuer = new URL(tenant.issuer);
    issuer.hostname = hostname;
    const config = await discover(issuer.href, 'bank');
    return { config, login: await beginWith(config, {}, 'bank') };
  };
  const redeemWith = (config: oidc.Configuration, login: BegunLogin, page: Page) =>
    oidc.authorizationCodeGrant(config, page.url, {
      expectedState: login.state,
      expectedNonce: login.nonce,
      ...(login.codeVerifier === null ? {} : { pkceCodeVerifier: login.codeVerifier }),
    });
  const redeem = async (login: BegunLogin, page: Page) => redeemWith(await configurationOf(login.app), login, page);
  /** Calls the token endpoint as an app; returns the status and the answer. */
  const askToken = async (fields: Record<string, string>, app: App = 'bank') => {
    const { clientId, clientSecret } = clientOf(app);
    const response = await loopbackFetch(new URL('oauth/token', tenant.issuer), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields }).toString(),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  return {
    issuer: tenant.issuer,
    askToken,
    folder,
    lines,
    setActionSecrets: tenant.setActionSecrets,
    configurationOf,
    begin,
    beginAt,
    redeemWith,
    journal: tenant.journal,
    registry: tenant.registry,
    /** Exchanges the code at the app's callback; openid-client checks state, nonce and signature. */
    redeem,
    /** A browser that stops at apps and at the capture page. */
    browser: () => new BrowserlessAgent((url) => [HOST, ...(options.customDomains ?? [])].includes(url.hostname)),
    stop: () => tenant.close(),
    close: async () => {
      await tenant.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type TenantWorld = Awaited<ReturnType<typeof tenantWorld>>;

/** Logs in with the password as Alice, or another user; ends wherever the tenant then sends the browser. */
export const logIn = async (
  agent: BrowserlessAgent,
  login: BegunLogin,
  user: { readonly email: string; readonly password: string } = ALICE,
): Promise<Page> => agent.submit(await agent.open(login.url), { email: user.email, password: user.password });

/** The error that the app received, or null. */
export const errorOf = ({ url }: Page): readonly [error: string, description: string] | null => {
  const error = url.searchParams.get('error');
  return error === null ? null : [error, url.searchParams.get('error_description') ?? ''];
};
