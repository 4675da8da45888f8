import { createServer } from 'node:http';
import express, { type Express, type Request, type Response } from 'express';
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { BrowserBinding } from './browser-binding.ts';
import { addContinueRoutes } from './continue-routes.ts';
import { type ActionSource, loadAction } from './load-action.ts';
import { LoginPipeline } from './login-pipeline.ts';
import { addLoginRoutes } from './login-routes.ts';
import { ActionsProvider } from './provider.ts';
import { sendPage, textOf } from './respond.ts';
import type { Organization, TenantApi, TenantClient } from './tenant-client.ts';
import { loadTenantKeys } from './tenant-keys.ts';
import { type NewUser, TenantUserStore } from './user-store.ts';

export interface TenantOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Bare host name of the tenant, `event.request.hostname` of the Actions. */
  readonly hostname: string;
  /** Users and keys last here. */
  readonly folder: string;
  /** Bound to the post-login trigger, in this order. */
  readonly actions: readonly ActionSource[];
  readonly clients: readonly TenantClient[];
  /** APIs that apps may ask a JWT access token for. Default none. */
  readonly apis?: readonly TenantApi[];
  /** Default none. */
  readonly organizations?: readonly Organization[];
  readonly seedUsers: readonly NewUser[];
  /** Names of the claims that the Actions add to ID tokens; oidc-provider leaves out what it was not told of. */
  readonly customClaims: readonly string[];
  readonly clockMs?: () => number;
  /** Time of all Actions together, before a redirect and again after it. Default 20 000, as at Auth0. */
  readonly budgetMs?: number;
  /** Gets the Actions' own console and what went wrong in them. */
  readonly log?: (line: string) => void;
}

export interface RunningTenant extends RunningPart {
  /** Address for browsers, e.g. `http://tenant.localhost:4002/`; `url` is the loopback address for servers. */
  readonly issuer: string;
  /**
   * Replaces the secrets of an Action from its next call on, as an admin does when a secret is rotated.
   * @throws Error if no Action has this name
   */
  setActionSecrets(name: string, secrets: Readonly<Record<string, string>>): void;
}

const BUDGET_MS = 20_000;
const MAX_BODY = '64kb';

/** Auth0's older logout; `returnTo` must be an address of the app, or of any app where none is named. */
const addLogoutRoute = (app: Express, clients: readonly TenantClient[]): void => {
  app.get('/v2/logout', (request, response) => {
    const [clientId, returnTo] = [textOf(request.query['client_id']), textOf(request.query['returnTo'])];
    const candidates = clients.filter((client) => clientId === '' || client.clientId === clientId);
    const client = candidates.find(({ logoutUris }) => returnTo === '' || logoutUris.includes(returnTo));
    if (client === undefined) {
      return sendPage(response, 400, 'The logout cannot go on', 'The returnTo address is not known to the app.');
    }
    const query = { client_id: client.clientId, ...(returnTo === '' ? {} : { post_logout_redirect_uri: returnTo }) };
    return response.redirect(302, `/oidc/logout?${new URLSearchParams(query)}`);
  });
};

/** Sends a stopped login on: to its login page, or to where an Action sends the user. */
const addressOf = (
  binding: BrowserBinding,
  expect: (state: string, uid: string) => void,
  ctx: KoaContextWithOIDC,
  { uid, prompt, params }: Interaction,
): string => {
  const cookie = binding.bind(uid, ctx.get('cookie'));
  if (cookie !== null) ctx.append('set-cookie', cookie);
  if (prompt.name === 'actions') {
    expect(textOf(prompt.details['state']), uid);
    return textOf(prompt.details['url']);
  }
  return `${params['screen_hint'] === 'signup' ? '/u/signup' : '/u/login'}?state=${uid}`;
};

/**
 * An emulator of an Auth0 tenant for development and tests: OpenID Connect by oidc-provider, and the bound post-login Actions
 * run with Auth0's semantics. Never a replacement for Auth0.
 * @throws StartError if the port is taken or the folder's files are damaged
 * @throws Error for an Action that Auth0 would not deploy
 */
export const startTenant = async (options: TenantOptions): Promise<RunningTenant> => {
  const {
    hostname,
    folder,
    clients,
    apis = [],
    organizations = [],
    customClaims,
    clockMs = Date.now,
    log = () => {},
  } = options;
  const actions = options.actions.map((action) => loadAction(action, log));
  const users = await TenantUserStore.open(folder);
  for (const user of options.seedUsers) await users.add(user);
  const keys = await loadTenantKeys(folder);
  const pipeline = new LoginPipeline({
    actions,
    clockMs,
    log,
    tenantId: hostname,
    budgetMs: options.budgetMs ?? BUDGET_MS,
    saveMetadata: (userId, changes) => users.saveMetadata(userId, changes),
  });

  const app = express();
  app.disable('x-powered-by');
  const part = await listen(createServer(app), options.port, 'the tenant');
  const issuer = `http://${hostname}:${new URL(part.url).port}/`;
  const binding = new BrowserBinding();
  const tenant: ActionsProvider = new ActionsProvider({
    ...{ issuer, hostname, clients, apis, organizations, users, pipeline, keys, customClaims, clockMs },
    isCustomDomain: false,
    onInteraction: (ctx, interaction) => addressOf(binding, expect, ctx, interaction),
  });
  app.use(['/u', '/continue'], express.urlencoded({ extended: false, limit: MAX_BODY }));
  addLoginRoutes(app, { tenant, binding, users, clients, hints: options.seedUsers, clockMs });
  const expect = addContinueRoutes(app, { tenant, binding, pipeline, hostname });
  addLogoutRoute(app, clients);
  app.use(tenant.provider.callback());
  app.use((error: Error, _request: Request, response: Response, _next: () => void) => {
    log(`tenant: ${error.name}: ${error.message}`);
    sendPage(response, 400, 'This login is over', 'Go back to the application and log in again.');
  });
  const setActionSecrets: RunningTenant['setActionSecrets'] = (name, secrets) => {
    const action = actions.find((known) => known.name === name);
    if (action === undefined) throw new Error(`there is no Action ${name}`);
    action.secrets = secrets;
  };
  return { ...part, issuer, setActionSecrets };
};
