import type { JWK } from 'jose';
import {
  type AccountClaims,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { OFFLINE_PARAMETER } from './login-of-context.ts';
import { errorPage, logoutPage, PAGE_HEADERS } from './pages.ts';
import type { TenantApi, TenantClient } from './tenant-client.ts';
import type { TenantUserStore } from './user-store.ts';

/** What the tenant is made of. */
export interface TenantSettings {
  readonly clients: readonly TenantClient[];
  readonly apis: readonly TenantApi[];
  readonly users: TenantUserStore;
  /** Names that Actions may add to the ID token; oidc-provider leaves out what it was not told of. */
  readonly customClaims: readonly string[];
  readonly keys: { readonly jwks: readonly JWK[]; readonly cookieKeys: readonly string[] };
}

/** Where the Actions come in. */
export interface ActionHooks {
  /** True if the browser has to leave for an Action's redirect. */
  check(ctx: KoaContextWithOIDC): Promise<boolean>;
  /** Where it leaves to; empty before `check` said so. */
  redirectOf(ctx: KoaContextWithOIDC): Readonly<Record<string, string>>;
  /** Runs before the tokens of a refresh. */
  refresh(ctx: KoaContextWithOIDC, userId: string): Promise<void>;
  claimsOf(ctx: KoaContextWithOIDC, token: 'id' | 'access'): Readonly<Record<string, unknown>>;
  isOffline(ctx: KoaContextWithOIDC): boolean;
  interactionUrl: NonNullable<NonNullable<Configuration['interactions']>['url']>;
  grantOf: NonNullable<Configuration['loadExistingGrant']>;
}

const { Check, Prompt, base } = interactionPolicy;
const REFRESH = 'refresh_token';

/** Auth0's order: the login first, then the Actions; first-party apps need no consent. */
const policyOf = (hooks: ActionHooks) => {
  const policy = base();
  policy.remove('consent');
  const check = new Check(
    'post_login',
    'the post-login Actions need the user',
    'interaction_required',
    (ctx) => hooks.check(ctx),
    (ctx) => hooks.redirectOf(ctx),
  );
  policy.add(new Prompt({ name: 'actions', requestable: false }, check));
  return policy;
};

const clientMetadata = (client: TenantClient) => ({
  client_id: client.clientId,
  ...(client.clientSecret === null
    ? { token_endpoint_auth_method: 'none' as const }
    : { client_secret: client.clientSecret, token_endpoint_auth_method: 'client_secret_post' as const }),
  client_name: client.name,
  redirect_uris: [...client.redirectUris],
  post_logout_redirect_uris: [...client.logoutUris],
  grant_types: ['authorization_code', REFRESH],
});

const apiFeature = (apis: readonly TenantApi[]) => ({
  enabled: true,
  defaultResource: (ctx: KoaContextWithOIDC): string => {
    const audience = ctx.oidc.params?.['audience'];
    // An empty resource is none; the types of oidc-provider know texts only.
    return typeof audience === 'string' ? audience : '';
  },
  useGrantedResource: () => true,
  getResourceServerInfo: (_ctx: KoaContextWithOIDC, audience: string) => {
    const api = apis.find((known) => known.audience === audience);
    if (api === undefined) throw new errors.AccessDenied(`Service not found: ${audience}`);
    return {
      audience,
      scope: ['openid profile email', ...api.scopes].join(' '),
      accessTokenFormat: 'jwt' as const,
      jwt: { sign: { alg: 'RS256' as const } },
    };
  },
});

/** Claims of the user in access tokens, for APIs that want them. */
const userClaims = (settings: TenantSettings, ctx: KoaContextWithOIDC, token: object): Record<string, unknown> => {
  const { aud, accountId } = token as { aud?: unknown; accountId?: unknown };
  const api = settings.apis.find(({ audience }) => audience === aud);
  const user = typeof accountId === 'string' ? settings.users.find(accountId) : null;
  if (api?.hasUserClaims !== true || user === null) return {};
  const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
  const auth_time = code?.authTime ?? refresh?.authTime;
  const { email, email_verified } = user;
  return { email, email_verified, ...(auth_time === undefined ? {} : { auth_time }) };
};

const showPage = (ctx: KoaContextWithOIDC, html: string): void => {
  ctx.set(PAGE_HEADERS);
  ctx.body = html;
};

/** Configures oidc-provider to look like an Auth0 tenant: its routes, no consent, Actions as a prompt of their own. */
export const providerConfiguration = (settings: TenantSettings, hooks: ActionHooks): Configuration => ({
  clients: settings.clients.map(clientMetadata),
  jwks: { keys: [...settings.keys.jwks] },
  cookies: { keys: [...settings.keys.cookieKeys] },
  routes: {
    authorization: '/authorize',
    token: '/oauth/token',
    userinfo: '/userinfo',
    jwks: '/.well-known/jwks.json',
    end_session: '/oidc/logout',
    revocation: '/oauth/revoke',
  },
  interactions: { policy: policyOf(hooks), url: hooks.interactionUrl },
  extraParams: ['audience', 'connection', 'organization', 'screen_hint', OFFLINE_PARAMETER],
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    resourceIndicators: apiFeature(settings.apis),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => showPage(ctx, logoutPage(form)),
      postLogoutSuccessSource: (ctx) => showPage(ctx, errorPage('You are logged out', 'You can close this page.')),
    },
  },
  claims: {
    openid: ['sub', ...settings.customClaims],
    profile: ['name', 'nickname'],
    email: ['email', 'email_verified'],
  },
  conformIdTokenClaims: false,
  pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
  clientBasedCORS: (_ctx, origin, client) =>
    settings.clients.some(({ clientId, webOrigins }) => clientId === client.clientId && webOrigins?.includes(origin)),
  rotateRefreshToken: true,
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed(REFRESH) && hooks.isOffline(ctx),
  expiresWithSession: () => false,
  ttl: { Interaction: 3600, Session: 86_400, AccessToken: 3600, IdToken: 3600, RefreshToken: 86_400, Grant: 86_400 },
  loadExistingGrant: hooks.grantOf,
  extraTokenClaims: (ctx, token) => ({ ...userClaims(settings, ctx, token), ...hooks.claimsOf(ctx, 'access') }),
  findAccount: async (ctx, userId) => {
    const user = settings.users.find(userId);
    if (user === null) return undefined;
    if (ctx.oidc.route === 'token' && ctx.oidc.params?.['grant_type'] === REFRESH) await hooks.refresh(ctx, userId);
    const { email, email_verified, name } = user;
    return {
      accountId: userId,
      claims: (use): AccountClaims => ({
        sub: userId,
        name,
        nickname: email.split('@')[0],
        email,
        email_verified,
        ...(use === 'id_token' ? hooks.claimsOf(ctx, 'id') : {}),
      }),
    };
  },
  renderError: (ctx, { error }) => showPage(ctx, errorPage('The login cannot go on', `Reason: ${error}`)),
});
