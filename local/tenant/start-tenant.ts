import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import express, { type Express, type Request, type Response } from 'express';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { listen, type RunningPart, StartError } from '../aws-wire/listen.ts';
import type { ActionRequest } from './action-event.ts';
import { type ActionSource, loadAction } from './load-action.ts';
import { LoginPipeline } from './login-pipeline.ts';
import { errorPage, type LoginForm, loginPage, PAGE_HEADERS, signUpPage } from './pages.ts';
import { ActionsProvider, type TenantClient } from './provider.ts';
import { type NewUser, TenantUserStore } from './user-store.ts';

export interface TenantOptions {
  readonly port: number;
  /** Bare host name of the tenant, `event.request.hostname` of the Actions. */
  readonly hostname: string;
  readonly folder: string;
  readonly actions: readonly ActionSource[];
  /** Made once the tenant's own address is known. */
  readonly clients: readonly TenantClient[];
  readonly seedUsers: readonly NewUser[];
  /** Names of the claims that the Actions add. */
  readonly customClaims: readonly string[];
  readonly clockMs?: () => number;
  readonly log?: (line: string) => void;
}

export interface RunningTenant extends RunningPart {
  /** Address for browsers, e.g. `http://tenant.localhost:4002/`; `url` is the loopback address for servers. */
  readonly issuer: string;
}

interface TenantKeys {
  readonly jwks: JWK[];
  readonly cookieKeys: string[];
}

/** Binds a redirected login to the browser that started it, like Auth0's own session cookie on a cross-site POST. */
const BROWSER_COOKIE = 'local_tenant_browser';
const MIN_PASSWORD = 8;

const loadKeys = async (folder: string): Promise<TenantKeys> => {
  const path = join(folder, 'keys.json');
  const stored = await readIfExists(path);
  try {
    if (stored !== null) return JSON.parse(stored.toString('utf8')) as TenantKeys;
  } catch (cause) {
    throw new StartError('The local tenant\'s key file is damaged; "npm start -- --reset" begins anew.', { cause });
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
  const keys = { jwks: [jwk], cookieKeys: [randomBytes(32).toString('base64url')] };
  await writeDurably(path, JSON.stringify(keys));
  return keys;
};

const readCookie = (request: Request, name: string): string =>
  request.headers.cookie
    ?.split(/;\s*/)
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

const sendPage = (response: Response, status: number, html: string): void => {
  response.status(status).set(PAGE_HEADERS).send(html);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The pages of login and sign-up. */
const addLoginRoutes = (app: Express, tenant: ActionsProvider, users: TenantUserStore, options: TenantOptions) => {
  const { provider } = tenant;
  const hints = options.seedUsers.slice(0, 2);
  const formOf = async (request: Request, response: Response, error: string | null): Promise<LoginForm> => {
    const { uid, params } = await provider.interactionDetails(request, response);
    const client = options.clients.find(({ clientId }) => clientId === params['client_id']);
    const body = (request.body ?? {}) as Record<string, unknown>;
    return {
      state: uid,
      app: client?.name ?? 'the app',
      email: textOf(body['email']) || textOf(params['login_hint']),
      name: textOf(body['name']),
      error,
      hints,
    };
  };
  const finishLogin = async (request: Request, response: Response, userId: string): Promise<void> => {
    const result = { login: { accountId: userId, remember: true, ts: Math.floor(Date.now() / 1000) } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  app.get('/u/login', async (request, response) =>
    sendPage(response, 200, loginPage(await formOf(request, response, null))),
  );
  app.get('/u/signup', async (request, response) =>
    sendPage(response, 200, signUpPage(await formOf(request, response, null))),
  );
  app.post('/u/login', async (request, response) => {
    await provider.interactionDetails(request, response);
    const user = await users.authenticate(textOf(request.body?.email), textOf(request.body?.password));
    if (user !== null) return finishLogin(request, response, user.user_id);
    const form = await formOf(request, response, 'E-mail address or password is wrong. Check both and try again.');
    return sendPage(response, 401, loginPage(form));
  });
  app.post('/u/signup', async (request, response) => {
    await provider.interactionDetails(request, response);
    const [email, name, password] = ['email', 'name', 'password'].map((field) => textOf(request.body?.[field]).trim());
    const refuse = async (error: string) => sendPage(response, 400, signUpPage(await formOf(request, response, error)));
    if (!email || !name || !/^[^@\s]+@[^@\s]+$/.test(email))
      return refuse('Enter your name and a valid e-mail address.');
    if (!password || password.length < MIN_PASSWORD)
      return refuse(`Choose a password of at least ${MIN_PASSWORD} characters.`);
    const user = await users.add({ email, name, password, emailVerified: false });
    if (user === null) return refuse('There is an account with this e-mail address already. Log in instead.');
    return finishLogin(request, response, user.user_id);
  });
};

/** The hop to an Action's redirect and the way back. */
const addContinueRoutes = (app: Express, tenant: ActionsProvider, pipeline: LoginPipeline, options: TenantOptions) => {
  const waiting = new Map<string, { readonly uid: string; readonly browser: Buffer }>();
  const leave = (response: Response, browserToken: string, uid: string, details: Record<string, unknown>): void => {
    const [url, state] = [textOf(details['url']), textOf(details['state'])];
    waiting.set(state, { uid, browser: hash(browserToken) });
    response
      .set('cache-control', 'no-store')
      .append('set-cookie', `${BROWSER_COOKIE}=${browserToken}; Path=/; HttpOnly; Secure; SameSite=None`)
      .redirect(302, url);
  };
  app.get('/u/actions', async (request, response) => {
    const { uid, prompt } = await tenant.provider.interactionDetails(request, response);
    if (!pipeline.isSuspended(textOf(prompt.details['state']))) {
      return sendPage(response, 400, errorPage('This login is over', 'Go back to the application and log in again.'));
    }
    leave(response, readCookie(request, BROWSER_COOKIE) || randomBytes(32).toString('base64url'), uid, prompt.details);
  });
  app.all('/continue', async (request, response) => {
    const state = textOf(request.query['state']);
    const found = waiting.get(state);
    const isSameBrowser =
      found !== undefined && timingSafeEqual(hash(readCookie(request, BROWSER_COOKIE)), found.browser);
    if (found === undefined || !isSameBrowser) {
      return sendPage(
        response,
        400,
        errorPage('invalid_request', 'This login is unknown here, over, or was started in another browser.'),
      );
    }
    waiting.delete(state);
    const resumed: ActionRequest = {
      hostname: options.hostname,
      ip: request.socket.remoteAddress ?? '127.0.0.1',
      method: request.method,
      query: { ...request.query },
      body: { ...(request.body as Record<string, unknown> | undefined) },
      user_agent: request.get('user-agent') ?? '',
      geoip: {},
    };
    const result = await pipeline.resume(state, resumed);
    if (result === null) return sendPage(response, 400, errorPage('invalid_request', 'This login is over.'));
    if (result.kind === 'redirect')
      return leave(response, readCookie(request, BROWSER_COOKIE), found.uid, { ...result });
    return response.redirect(303, await tenant.finish(found.uid, result));
  });
};

/**
 * An emulator of an Auth0 tenant for development and tests: OpenID Connect by oidc-provider, and the bound post-login Actions
 * run with Auth0's semantics. Never a replacement for Auth0.
 */
export const startTenant = async (options: TenantOptions): Promise<RunningTenant> => {
  const app = express();
  app.disable('x-powered-by');
  const server = createServer(app);
  const part = await listen(server, options.port, 'the tenant');
  const issuer = `http://${options.hostname}:${new URL(part.url).port}/`;
  const users = await TenantUserStore.open(options.folder);
  for (const user of options.seedUsers) await users.add(user);
  const log = options.log ?? (() => {});
  const pipeline = new LoginPipeline({
    actions: options.actions.map((action) => loadAction(action, log)),
    clockMs: options.clockMs ?? Date.now,
    log,
    tenantId: options.hostname,
    saveAppMetadata: (userId, changes) => users.setAppMetadata(userId, changes),
  });
  const keys = await loadKeys(options.folder);
  const tenant = new ActionsProvider({
    issuer,
    hostname: options.hostname,
    clients: options.clients,
    users,
    pipeline,
    keys,
    customClaims: options.customClaims,
  });
  app.use(['/u', '/continue'], express.urlencoded({ extended: false, limit: '64kb' }));
  addLoginRoutes(app, tenant, users, options);
  addContinueRoutes(app, tenant, pipeline, options);
  app.get('/v2/logout', (request, response) => {
    const returnTo = textOf(request.query['returnTo']);
    const isKnown = options.clients.some(({ logoutUris }) => logoutUris.includes(returnTo));
    response.redirect(
      302,
      `/oidc/logout?${new URLSearchParams({ client_id: textOf(request.query['client_id']), ...(isKnown ? { post_logout_redirect_uri: returnTo } : {}) })}`,
    );
  });
  app.use(tenant.provider.callback());
  app.use((error: Error, _request: Request, response: Response, _next: () => void) => {
    log(`tenant: ${error.name}: ${error.message}`);
    sendPage(response, 400, errorPage('This login is over', 'Go back to the application and log in again.'));
  });
  return { ...part, issuer };
};
