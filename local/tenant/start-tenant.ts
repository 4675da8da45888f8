import { createServer } from 'node:http';
import express, { type Express } from 'express';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { addConsole, type ConsolePorts } from './console.ts';
import { Journal } from './journal.ts';
import { type ActionSource, loadAction } from './load-action.ts';
import { LoginPipeline } from './login-pipeline.ts';
import type { Organization, TenantApi, TenantClient } from './tenant-client.ts';
import { tenantDomain } from './tenant-domain.ts';
import { loadTenantKeys } from './tenant-keys.ts';
import { type NewUser, TenantUserStore } from './user-store.ts';

export interface TenantOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Bare host name of the tenant, `event.request.hostname` of the Actions. */
  readonly hostname: string;
  /** Further host names, each with its own issuer and sessions; Actions see `event.custom_domain`. Default none. */
  readonly customDomains?: readonly string[];
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
  /** The tenant's own second step, after the Actions; `api.multifactor.enable` overrules it. Default `never`. */
  readonly mfa?: 'never' | 'always';
  readonly clockMs?: () => number;
  /** Time of all Actions together, before a redirect and again after it. Default 20 000, as at Auth0. */
  readonly budgetMs?: number;
  /** Gets the Actions' own console and what went wrong in them. */
  readonly log?: (line: string) => void;
}

export interface RunningTenant extends RunningPart {
  /** Address for browsers, e.g. `http://tenant.localhost:4002/`; `url` is the loopback address for servers. */
  readonly issuer: string;
  readonly journal: Journal;
  /**
   * Replaces the secrets of an Action from its next call on, as an admin does when a secret is rotated.
   * @throws Error if no Action has this name
   */
  setActionSecrets(name: string, secrets: Readonly<Record<string, string>>): void;
}

const BUDGET_MS = 20_000;

/** One server for all host names; what came under none of them, such as the loopback address, is the tenant's own. */
const byHostname = (domains: ReadonlyMap<string, Express>, own: string, tenantConsole: ConsolePorts): Express => {
  const app = express();
  app.disable('x-powered-by');
  addConsole(app, tenantConsole);
  app.use((request, response, next) => (domains.get(request.hostname) ?? domains.get(own))?.(request, response, next));
  return app;
};

/**
 * An emulator of an Auth0 tenant for development and tests: OpenID Connect by oidc-provider, and the bound post-login Actions
 * run with Auth0's semantics. Never a replacement for Auth0.
 * @throws StartError if the port is taken or the folder's files are damaged
 * @throws Error for an Action that Auth0 would not deploy
 */
export const startTenant = async (options: TenantOptions): Promise<RunningTenant> => {
  const { hostname, folder, clients, customClaims, clockMs = Date.now } = options;
  const journal = new Journal(clockMs);
  const log = (text: string): void => {
    journal.add({ kind: 'line', text });
    options.log?.(text);
  };
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
    onResult: (entry) => journal.add(entry),
  });
  const domains = new Map<string, Express>();
  const hostnames = [hostname, ...(options.customDomains ?? [])];
  const views = () => actions.map(({ name }) => ({ name, status: 'deployed', isBound: true }));
  const app = byHostname(domains, hostname, { users, journal, hostnames, actions: views });
  const part = await listen(createServer(app), options.port, 'the tenant');
  const { port } = new URL(part.url);
  const issuerOf = (name: string): string => `http://${name}:${port}/`;
  for (const name of hostnames) {
    const domain = tenantDomain({
      ...{ hostname: name, issuer: issuerOf(name), isCustomDomain: name !== hostname },
      ...{ clients, users, pipeline, keys, customClaims, clockMs, journal, log },
      ...{ apis: options.apis ?? [], organizations: options.organizations ?? [], mfa: options.mfa ?? 'never' },
      hints: options.seedUsers,
    });
    domains.set(name, domain);
  }
  const setActionSecrets: RunningTenant['setActionSecrets'] = (name, secrets) => {
    const action = actions.find((known) => known.name === name);
    if (action === undefined) throw new Error(`there is no Action ${name}`);
    action.secrets = secrets;
  };
  return { ...part, issuer: issuerOf(hostname), journal, setActionSecrets };
};
