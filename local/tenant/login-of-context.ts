import { randomUUID } from 'node:crypto';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ActionRequest, LoginTransaction } from './action-event.ts';
import type { Login } from './event-of-login.ts';
import type { TenantClient } from './tenant-client.ts';
import type { TenantUserStore } from './user-store.ts';

/** oidc-provider drops the scope `offline_access` where no consent is asked; this parameter of ours remembers it. */
export const OFFLINE_PARAMETER = 'local_offline_access';

const protocolOf = (responseType: unknown): string => {
  const types = String(responseType ?? 'code').split(' ');
  if (types.length > 1 && types.includes('code')) return 'oidc-hybrid-profile';
  return types.includes('code') ? 'oidc-basic-profile' : 'oidc-implicit-profile';
};

const words = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(' ') : []);

const requestOf = (ctx: KoaContextWithOIDC, hostname: string): ActionRequest => {
  const { [OFFLINE_PARAMETER]: _ours, ...query } = ctx.query;
  return {
    hostname,
    ip: ctx.ip,
    method: ctx.method,
    // A resumed /authorize has lost the app's query; Actions see it all the same.
    query: ctx.oidc.route === 'resume' ? definedParameters(ctx) : query,
    body: {},
    user_agent: ctx.get('user-agent'),
    geoip: {},
  };
};

const definedParameters = (ctx: KoaContextWithOIDC): Record<string, unknown> => {
  const entries = Object.entries(ctx.oidc.params ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && name !== OFFLINE_PARAMETER));
};

const transactionOf = (ctx: KoaContextWithOIDC, protocol: string): LoginTransaction => {
  const parameters = ctx.oidc.params ?? {};
  const scopes = words(parameters['scope']);
  const texts = ['redirect_uri', 'state', 'response_mode', 'login_hint'].flatMap((name) => {
    const value = parameters[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return {
    id: `tx_${randomUUID()}`,
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

export interface LoginContext {
  readonly hostname: string;
  readonly clients: readonly TenantClient[];
  readonly users: TenantUserStore;
}

const partsOf = (ctx: KoaContextWithOIDC, userId: string, { clients, users }: LoginContext) => {
  const user = users.find(userId);
  const client = ctx.oidc.client;
  if (user === null || client === undefined) throw new errors.AccessDenied('the user is gone');
  return {
    user,
    loginsCount: users.loginsOf(userId),
    client: {
      client_id: client.clientId,
      name: client.clientName ?? client.clientId,
      metadata: clients.find(({ clientId }) => clientId === client.clientId)?.metadata ?? {},
    },
  };
};

/** The login of a browser at /authorize. */
export const browserLogin = (ctx: KoaContextWithOIDC, context: LoginContext): Login => {
  const audience = ctx.oidc.params?.['audience'];
  return {
    ...partsOf(ctx, ctx.oidc.session?.accountId ?? '', context),
    transaction: transactionOf(ctx, protocolOf(ctx.oidc.params?.['response_type'])),
    request: requestOf(ctx, context.hostname),
    audience: typeof audience === 'string' ? audience : null,
    sessionId: ctx.oidc.session?.uid ?? null,
    canLeave: !ctx.oidc.prompts.has('none'),
    refreshTokenMetadata: null,
  };
};

/** The exchange of a refresh token, where there is no browser. */
export const refreshLogin = (
  ctx: KoaContextWithOIDC,
  userId: string,
  metadata: Readonly<Record<string, string>>,
  context: LoginContext,
): Login => {
  const resource = ctx.oidc.entities.RefreshToken?.resource;
  return {
    ...partsOf(ctx, userId, context),
    transaction: transactionOf(ctx, 'oauth2-refresh-token'),
    request: requestOf(ctx, context.hostname),
    audience: typeof resource === 'string' ? resource : null,
    sessionId: null,
    canLeave: false,
    refreshTokenMetadata: metadata,
  };
};
