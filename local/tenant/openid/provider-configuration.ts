import type { JWK } from 'jose';
import type { AccountClaims, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { OFFLINE_PARAMETER } from '../login/login-of-context.ts';
import { errorPage } from '../pages/pages.ts';
import type { TenantUserStore } from '../user-store.ts';
import { clientMetadata, RESPONSE_TYPES } from './client-metadata.ts';
import type { KeptClaims } from './kept-claims.ts';
import { interactionPolicy } from './oidc-provider.ts';
import { providerFeatures, showPage } from './provider-features.ts';
import { GRANT, type Organization, type TenantApi, type TenantClient } from './tenant-client.ts';

/** What the tenant is configured with. */
export interface TenantSettings {
  readonly clients: readonly TenantClient[];
  readonly apis: readonly TenantApi[];
  readonly organizations: readonly Organization[];
  readonly users: TenantUserStore;
  /** Names that Actions may add to the ID token; oidc-provider omits all others. */
  readonly customClaims: readonly string[];
  readonly keptClaims: KeptClaims;
  readonly keys: { readonly jwks: readonly JWK[]; readonly cookieKeys: readonly string[] };
}

/** Where the Actions are called. */
export interface ActionHooks {
  /** True if the browser has to leave for an Action's redirect. */
  check(ctx: KoaContextWithOIDC): Promise<boolean>;
  /** Where it leaves to; empty before `check` has set it. */
  redirectOf(ctx: KoaContextWithOIDC): Readonly<Record<string, string>>;
  /** True if the tenant's own second step has not been passed yet. */
  needsMfa(ctx: KoaContextWithOIDC): boolean;
  /** Runs before the tokens of a refresh. */
  refresh(ctx: KoaContextWithOIDC, userId: string): Promise<void>;
  claimsOf(ctx: KoaContextWithOIDC, token: 'id' | 'access'): Readonly<Record<string, unknown>>;
  isOffline(ctx: KoaContextWithOIDC): boolean;
  interactionUrl: NonNullable<NonNullable<Configuration['interactions']>['url']>;
  grantOf: NonNullable<Configuration['loadExistingGrant']>;
}

const { Check, Prompt, base } = interactionPolicy;
/** Claims that the tenant itself adds to ID tokens, in addition to those of the scopes. */
const TENANT_CLAIMS = ['org_id', 'org_name', 'amr'];

/** Auth0's order: first the login, then the Actions, then the tenant's own second step; first-party apps need no consent. */
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
  const mfa = new Check('mfa', 'Multifactor authentication required', 'interaction_required', hooks.needsMfa);
  policy.add(new Prompt({ name: 'mfa', requestable: false }, mfa));
  return policy;
};

/** Claims of the user in access tokens, for APIs that request them. */
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

/** What Auth0's JWT access tokens carry: `azp`, and in an app's own tokens also `gty` and a subject for the app. */
const addAuth0Claims = (ctx: KoaContextWithOIDC, payload: Record<string, unknown>): void => {
  const id = ctx.oidc.client?.clientId;
  payload['azp'] = id;
  if (ctx.oidc.params?.['grant_type'] !== GRANT.client) return;
  Object.assign(payload, { sub: `${id}@clients`, gty: 'client-credentials' });
};

/** A user in oidc-provider's form. Claims of the Actions are in ID tokens, and in `/userinfo` if they were kept. */
export const accountOf = (
  settings: TenantSettings,
  claimsOf: ActionHooks['claimsOf'],
  ctx: KoaContextWithOIDC,
  userId: string,
) => {
  const user = settings.users.find(userId);
  if (user === null) return undefined;
  const { email, email_verified, name } = user;
  const claimsOfActions = (use: string): Readonly<Record<string, unknown>> => {
    if (use === 'id_token') return claimsOf(ctx, 'id');
    return use === 'userinfo' ? settings.keptClaims.of(ctx.oidc.client?.clientId ?? '', userId) : {};
  };
  return {
    accountId: userId,
    claims: (use: string): AccountClaims => ({
      sub: userId,
      name,
      nickname: email.split('@')[0],
      email,
      email_verified,
      ...claimsOfActions(use),
    }),
  };
};

/** Configures oidc-provider to look like an Auth0 tenant: its routes, no consent, Actions as a separate prompt. */
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
    device_authorization: '/oauth/device/code',
    code_verification: '/activate',
    pushed_authorization_request: '/oauth/par',
  },
  interactions: { policy: policyOf(hooks), url: hooks.interactionUrl },
  extraParams: ['audience', 'connection', 'organization', 'screen_hint', OFFLINE_PARAMETER],
  features: providerFeatures(settings.apis, settings.clients),
  responseTypes: RESPONSE_TYPES,
  claims: {
    openid: ['sub', ...TENANT_CLAIMS, ...settings.customClaims],
    profile: ['name', 'nickname'],
    email: ['email', 'email_verified'],
  },
  conformIdTokenClaims: false,
  // Auth0 accepts it at /userinfo, where passport-auth0 sends it this way (RFC 6750 section 2.3 advises against it).
  acceptQueryParamAccessTokens: true,
  pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
  clientBasedCORS: (_ctx, origin, client) =>
    settings.clients.some(({ clientId, webOrigins }) => clientId === client.clientId && webOrigins?.includes(origin)),
  rotateRefreshToken: true,
  issueRefreshToken: (ctx, client, { scopes }) =>
    client.grantTypeAllowed(GRANT.refresh) && (scopes.has('offline_access') || hooks.isOffline(ctx)),
  expiresWithSession: () => false,
  ttl: {
    ...{ Interaction: 3600, Session: 86_400, Grant: 86_400, DeviceCode: 900 },
    ...{ AccessToken: 3600, ClientCredentials: 86_400, IdToken: 3600, RefreshToken: 86_400 },
  },
  loadExistingGrant: hooks.grantOf,
  formats: { customizers: { jwt: (ctx, _token, jwt) => addAuth0Claims(ctx, jwt.payload) } },
  extraTokenClaims: (ctx, token) => ({ ...userClaims(settings, ctx, token), ...hooks.claimsOf(ctx, 'access') }),
  findAccount: async (ctx, userId) => {
    if (ctx.oidc.route === 'token' && ctx.oidc.params?.['grant_type'] === GRANT.refresh)
      await hooks.refresh(ctx, userId);
    return accountOf(settings, hooks.claimsOf, ctx, userId);
  },
  renderError: (ctx, { error }) => showPage(ctx, errorPage('The login cannot continue', `Reason: ${error}`)),
});
