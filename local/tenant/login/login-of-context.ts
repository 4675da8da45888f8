import { randomUUID } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ActionRequest, LoginTransaction } from '../actions/action-event.ts';
import { errors } from '../openid/oidc-provider.ts';
import type { TenantClient } from '../openid/tenant-client.ts';
import type { TenantUserStore } from '../user-store.ts';
import type { Login } from './login-event.ts';
import { type Organizations, organizationIn } from './organizations.ts';

/** oidc-provider drops the scope `offline_access` if no consent is requested; this additional parameter keeps it. */
export const OFFLINE_PARAMETER = 'local_offline_access';

/** What is needed to read a login. */
export interface LoginContext {
  readonly hostname: string;
  readonly isCustomDomain: boolean;
  readonly clients: readonly TenantClient[];
  readonly users: TenantUserStore;
  readonly organizations: Organizations;
}

/** Secrets in a token request, hidden from Actions. */
const HIDDEN = [OFFLINE_PARAMETER, 'client_secret', 'password', 'refresh_token', 'subject_token', 'code', 'xsrf'];

const protocolOf = (ctx: KoaContextWithOIDC): string => {
  if (ctx.oidc.entities.DeviceCode !== undefined) return 'oauth2-device-code';
  const types = String(ctx.oidc.params?.['response_type'] ?? 'code').split(' ');
  if (types.length > 1 && types.includes('code')) return 'oidc-hybrid-profile';
  return types.includes('code') ? 'oidc-basic-profile' : 'oidc-implicit-profile';
};

const words = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(' ') : []);

const definedParameters = (ctx: KoaContextWithOIDC): Record<string, unknown> => {
  const entries = Object.entries(ctx.oidc.params ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && !HIDDEN.includes(name)));
};

const requestOf = (ctx: KoaContextWithOIDC, hostname: string): ActionRequest => {
  const { [OFFLINE_PARAMETER]: _ours, ...query } = ctx.query;
  return {
    hostname,
    ip: ctx.ip,
    method: ctx.method,
    // A resumed login has lost the app's query; Actions see it nevertheless.
    query: /resume$/.test(ctx.oidc.route) ? definedParameters(ctx) : query,
    body: ctx.oidc.route === 'token' ? definedParameters(ctx) : {},
    user_agent: ctx.get('user-agent'),
    geoip: {},
  };
};

const transactionOf = (ctx: KoaContextWithOIDC, protocol: string): Omit<LoginTransaction, 'id'> => {
  const parameters = ctx.oidc.params ?? {};
  const scopes = words(parameters['scope']);
  const texts = ['redirect_uri', 'state', 'response_mode', 'login_hint'].flatMap((name) => {
    const value = parameters[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return {
    protocol,
    ...(parameters['acr_values'] === undefined ? {} : { acr_values: words(parameters['acr_values']) }),
    prompt: words(parameters['prompt']),
    requested_scopes: parameters[OFFLINE_PARAMETER] === undefined ? scopes : [...scopes, 'offline_access'],
    ui_locales: words(parameters['ui_locales']),
    locale: 'en',
    metadata: {},
    ...Object.fromEntries(texts),
  };
};

const partsOf = (ctx: KoaContextWithOIDC, userId: string, context: LoginContext) => {
  const user = context.users.find(userId);
  const client = ctx.oidc.client;
  if (user === null || client === undefined) throw new errors.AccessDenied('the user is gone');
  return {
    user,
    request: requestOf(ctx, context.hostname),
    customDomain: context.isCustomDomain ? context.hostname : null,
    loginsCount: context.users.loginsOf(userId),
    client: {
      client_id: client.clientId,
      name: client.clientName ?? client.clientId,
      metadata: context.clients.find(({ clientId }) => clientId === client.clientId)?.metadata ?? {},
    },
  };
};

/**
 * The login of a browser at /authorize or /activate.
 * @throws errors.AccessDenied if the user is not a member of the organization
 */
export const browserLogin = (ctx: KoaContextWithOIDC, context: LoginContext): Login => {
  const audience = ctx.oidc.params?.['audience'];
  const parts = partsOf(ctx, ctx.oidc.session?.accountId ?? '', context);
  return {
    ...parts,
    organization: organizationIn(context.organizations, ctx.oidc.params?.['organization'], parts.user),
    transaction: { id: `tx_${randomUUID()}`, ...transactionOf(ctx, protocolOf(ctx)) },
    audience: typeof audience === 'string' ? audience : null,
    sessionId: ctx.oidc.session?.uid ?? null,
    canLeave: !ctx.oidc.prompts.has('none'),
    refreshTokenMetadata: null,
  };
};

/** A login without a browser: its transaction has no id, and there is neither session nor authentication. */
export const directLogin = (
  ctx: KoaContextWithOIDC,
  userId: string,
  protocol: 'oauth2-password' | 'oauth2-token-exchange',
  context: LoginContext,
): Login => {
  const audience = ctx.oidc.params?.['audience'];
  const parts = partsOf(ctx, userId, context);
  return {
    ...parts,
    organization: organizationIn(context.organizations, ctx.oidc.params?.['organization'], parts.user),
    transaction: transactionOf(ctx, protocol),
    audience: typeof audience === 'string' ? audience : null,
    sessionId: null,
    canLeave: false,
    refreshTokenMetadata: null,
  };
};

/** What a refresh token carries over from the login in which it was issued. */
export interface RefreshContext {
  readonly metadata: Readonly<Record<string, string>>;
  readonly organizationId: string | null;
}

/** The exchange of a refresh token, without a browser. */
export const refreshLogin = (
  ctx: KoaContextWithOIDC,
  userId: string,
  { metadata, organizationId }: RefreshContext,
  context: LoginContext,
): Login => {
  const resource = ctx.oidc.entities.RefreshToken?.resource;
  const parts = partsOf(ctx, userId, context);
  return {
    ...parts,
    organization: organizationIn(context.organizations, organizationId ?? undefined, parts.user),
    transaction: transactionOf(ctx, 'oauth2-refresh-token'),
    audience: typeof resource === 'string' ? resource : null,
    sessionId: null,
    canLeave: false,
    refreshTokenMetadata: metadata,
  };
};
