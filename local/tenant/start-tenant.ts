import { createServer } from 'node:http';
import express, { type Express } from 'express';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { ActionRegistry } from './actions/action-registry.ts';
import type { ActionSource } from './actions/load-action.ts';
import type { StoredAction } from './actions/stored-action.ts';
import { Journal } from './login/journal.ts';
import { LoginPipeline } from './login/login-pipeline.ts';
import { MANAGEMENT_SCOPES, managementAudience } from './management/access.ts';
import { managementApi } from './management/management-api.ts';
import { KeptClaims } from './openid/kept-claims.ts';
import type { Organization, TenantApi, TenantClient } from './openid/tenant-client.ts';
import { loadTenantKeys, publicKeys } from './openid/tenant-keys.ts';
import { type ActionView, addConsole, type ConsolePorts } from './pages/console.ts';
import { tenantDomain } from './tenant-domain.ts';
import { type NewUser, TenantUserStore } from './user-store.ts';

export interface TenantOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Bare host name of the tenant, `event.request.hostname` of the Actions. */
  readonly hostname: string;
  /** Additional host names, each with its own issuer and sessions; Actions see `event.custom_domain`. Default none. */
  readonly customDomains?: readonly string[];
  /** Where users and keys are stored. */
  readonly folder: string;
  /** Bound to the post-login trigger, in this order. */
  readonly actions: readonly ActionSource[];
  readonly clients: readonly TenantClient[];
  /** APIs for which apps may request a JWT access token. Default none. */
  readonly apis?: readonly TenantApi[];
  /** Default none. */
  readonly organizations?: readonly Organization[];
  readonly seedUsers: readonly NewUser[];
  /** Names of the claims that the Actions add to ID tokens; oidc-provider omits all others. */
  readonly customClaims: readonly string[];
  /** The tenant's own second step, after the Actions; `api.multifactor.enable` overrides it. Default `never`. */
  readonly mfa?: 'never' | 'always';
  readonly clockMs?: () => number;
  /** Time for all Actions together, before a redirect and again after it. Default 20 000, as at Auth0. */
  readonly budgetMs?: number;
  /** Receives the Actions' own console output and their errors. */
  readonly log?: (line: string) => void;
}

export interface RunningTenant extends RunningPart {
  /** Address for browsers, e.g. `http://tenant.localhost:4002/`; `url` is the loopback address for servers. */
  readonly issuer: string;
  readonly journal: Journal;
  readonly registry: ActionRegistry;
  /**
   * Replaces the secrets of an Action from its next call on, like an admin who rotates a secret.
   * @throws Error if no Action has this name
   */
  setActionSecrets(name: string, secrets: Readonly<Record<string, string>>): void;
}

const BUDGET_MS = 20_000;

/**
 * One server for all host names. A request under none of them, such as a program's to the loopback address, is answered as one under
 * the tenant's own, so that browsers can reach every address in the answer.
 */
const byHostname = (domains: ReadonlyMap<string, Express>, ownHost: string, tenantConsole: ConsolePorts): Express => {
  const app = express();
  app.disable('x-powered-by');
  addConsole(app, tenantConsole);
  app.use((request, response, next) => {
    const named = domains.get(request.hostname);
    if (named !== undefined) return named(request, response, next);
    request.headers.host = `${ownHost}:${request.socket.localPort}`;
    return domains.get(ownHost)?.(request, response, next);
  });
  return app;
};

const viewOf =
  (registry: ActionRegistry) =>
  (action: StoredAction): ActionView => ({
    name: action.name,
    status: action.isChanged ? `draft ${registry.buildError(action) === null ? 'built' : 'failed'}` : 'deployed',
    isBound: registry.bindings().some(({ actionId }) => actionId === action.id),
  });

/** The Management API as one more API that is granted to the app. */
const withManagementGrant = (client: TenantClient, audience: string): TenantClient =>
  client.managementScopes === undefined || client.managementScopes.length === 0
    ? client
    : { ...client, clientGrants: [...(client.clientGrants ?? []), { audience, scopes: client.managementScopes }] };

/**
 * An emulator of an Auth0 tenant for development and tests: OpenID Connect by oidc-provider, and the bound post-login Actions
 * run with Auth0's semantics. Never a replacement for Auth0.
 * @throws StartError if the port is taken or the folder's files are damaged
 * @throws Error for an Action that Auth0 would not deploy
 */
export const startTenant = async (options: TenantOptions): Promise<RunningTenant> => {
  const { hostname, folder, customClaims, clockMs = Date.now } = options;
  const journal = new Journal(clockMs);
  const log = (text: string): void => {
    journal.add({ kind: 'line', text });
    options.log?.(text);
  };
  const registry = await ActionRegistry.open({ folder, seeds: options.actions, clockMs, log });
  const users = await TenantUserStore.open(folder);
  for (const user of options.seedUsers) await users.add(user);
  const keys = await loadTenantKeys(folder);
  const pipeline = new LoginPipeline({
    flow: () => registry.flow(),
    clockMs,
    log,
    tenantId: hostname,
    budgetMs: options.budgetMs ?? BUDGET_MS,
    saveMetadata: (userId, changes) => users.saveMetadata(userId, changes),
    onResult: (entry) => journal.add(entry),
  });
  const domains = new Map<string, Express>();
  const hostnames = [hostname, ...(options.customDomains ?? [])];
  const app = byHostname(domains, hostname, {
    users,
    journal,
    hostnames,
    actions: () => registry.list().map(viewOf(registry)),
  });
  const part = await listen(createServer(app), options.port, 'the tenant');
  const { port } = new URL(part.url);
  const issuerOf = (name: string): string => `http://${name}:${port}/`;
  const audience = managementAudience(`${hostname}:${port}`);
  const managed = { audience, scopes: MANAGEMENT_SCOPES, isLimitedToGrants: true };
  const clients = options.clients.map((client) => withManagementGrant(client, audience));
  const parts = {
    clients,
    users,
    apis: [...(options.apis ?? []), managed],
    organizations: options.organizations ?? [],
    keptClaims: new KeptClaims(),
  };
  for (const name of hostnames) {
    const domain = tenantDomain({
      ...{ hostname: name, issuer: issuerOf(name), isCustomDomain: name !== hostname },
      ...{ ...parts, pipeline, keys, customClaims, clockMs, journal, log },
      ...{ mfa: options.mfa ?? 'never', hints: options.seedUsers },
      management: managementApi({
        ...{ ...parts, hostname, issuer: issuerOf(name), audience, registry, log },
        jwks: publicKeys(keys.jwks),
      }),
    });
    domains.set(name, domain);
  }
  return {
    ...{ ...part, issuer: issuerOf(hostname), journal, registry },
    setActionSecrets: (name, secrets) => registry.setSecrets(name, secrets),
  };
};
