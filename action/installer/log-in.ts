import type { Pause } from './bring-action.ts';
import { InstallerError } from './installer-error.ts';

/** A way to get an access token for the Management API of one tenant. */
export type Login =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'device'; readonly clientId: string };

/** Ports of a login. */
export interface LoginPorts {
  readonly fetch: typeof fetch;
  readonly pause: Pause;
  /** Shows a line at the terminal, such as the page to open. */
  readonly say: (line: string) => void;
}

/** Permissions of the Management API that a command needs (Auth0 docs, Management API v2, Actions). */
export type Scope = 'read:actions' | 'create:actions' | 'update:actions' | 'delete:actions';

const TIMEOUT_MS = 30_000;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** An answer of the token endpoint; every member may be missing (RFC 6749 sections 5.1 and 5.2). */
type TokenAnswer = Readonly<Record<string, unknown>>;

const post = async (
  ports: LoginPorts,
  domain: string,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly answer: TokenAnswer }> => {
  try {
    const response = await ports.fetch(`https://${domain}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer: unknown = await response.json().catch(() => null);
    const isObject = typeof answer === 'object' && answer !== null;
    return { status: response.status, answer: isObject ? (answer as TokenAnswer) : {} };
  } catch {
    throw new InstallerError('failed', `${domain} could not be reached. Check --domain and the network.`);
  }
};

/** The audience of a tenant's Management API (Auth0 docs, "Management API access tokens"). */
const audienceOf = (domain: string): string => `https://${domain}/api/v2/`;

const refusal = (status: number, answer: TokenAnswer): InstallerError => {
  if (status === 429 || status >= 500) {
    return new InstallerError(
      'failed',
      `Auth0 could not log this program in (${status}). Run the command again later.`,
    );
  }
  const code = typeof answer['error'] === 'string' ? answer['error'].slice(0, 60) : `status ${status}`;
  return new InstallerError(
    'access',
    `Auth0 refused the login (${code}). Check the client id and secret, and that the application is authorized for the Auth0 Management API.`,
  );
};

const tokenOf = (status: number, answer: TokenAnswer): string => {
  const token = answer['access_token'];
  if (status !== 200 || typeof token !== 'string') throw refusal(status, answer);
  return token;
};

const byClient = async (ports: LoginPorts, domain: string, clientId: string, clientSecret: string): Promise<string> => {
  const { status, answer } = await post(ports, domain, '/oauth/token', {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    audience: audienceOf(domain),
  });
  return tokenOf(status, answer);
};

const numberOf = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

/** RFC 8628. Times in seconds, as in its messages. */
const byDevice = async (
  ports: LoginPorts,
  domain: string,
  clientId: string,
  scopes: readonly Scope[],
): Promise<string> => {
  const begun = await post(ports, domain, '/oauth/device/code', {
    client_id: clientId,
    scope: scopes.join(' '),
    audience: audienceOf(domain),
  });
  const { device_code, user_code, verification_uri, verification_uri_complete } = begun.answer;
  if (begun.status !== 200 || typeof device_code !== 'string') throw refusal(begun.status, begun.answer);
  ports.say(`Open ${String(verification_uri_complete ?? verification_uri)} and confirm the code ${String(user_code)}.`);
  let everySeconds = numberOf(begun.answer['interval'], 5);
  for (let waited = 0; waited < numberOf(begun.answer['expires_in'], 900); waited += everySeconds) {
    await ports.pause(everySeconds * 1000);
    const fields = { grant_type: DEVICE_GRANT, device_code, client_id: clientId };
    const { status, answer } = await post(ports, domain, '/oauth/token', fields);
    if (answer['error'] === 'slow_down') everySeconds += 5;
    else if (answer['error'] !== 'authorization_pending') return tokenOf(status, answer);
  }
  throw new InstallerError('access', 'Nobody confirmed the code in time. Run the command again.');
};

/** The scopes in a token; null for an opaque one. Only for a better message: Auth0 decides. */
const scopesIn = (token: string): readonly string[] | null => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const scope = typeof claims === 'object' && claims !== null ? (claims as { scope?: unknown }).scope : undefined;
    return typeof scope === 'string' ? scope.split(' ') : null;
  } catch {
    return null;
  }
};

const checkScopes = (token: string, needed: readonly Scope[]): void => {
  const granted = scopesIn(token);
  const missing = granted === null ? [] : needed.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  throw new InstallerError(
    'access',
    `The login lacks ${missing.length === 1 ? 'the permission' : 'the permissions'} ${missing.join(', ')}. ` +
      'Grant it in the Auth0 dashboard: Applications, APIs, Auth0 Management API, Machine to Machine Applications. Nothing was changed.',
  );
};

/**
 * Gets an access token that has the permissions a command needs.
 * @throws InstallerError `access` if Auth0 refuses or a permission is missing, `failed` if it cannot be reached
 */
export const logIn = async (
  ports: LoginPorts,
  domain: string,
  login: Login,
  scopes: readonly Scope[],
): Promise<string> => {
  const token =
    login.kind === 'token'
      ? login.accessToken
      : login.kind === 'client'
        ? await byClient(ports, domain, login.clientId, login.clientSecret)
        : await byDevice(ports, domain, login.clientId, scopes);
  checkScopes(token, scopes);
  return token;
};
