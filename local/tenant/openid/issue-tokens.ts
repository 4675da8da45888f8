import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { errors } from './oidc-provider.ts';
import { apiToken, scopesOf } from './provider-features.ts';
import type { TenantApi } from './tenant-client.ts';

/** Tokens of a login for which oidc-provider has no grant. */
export interface TokenRequest {
  readonly userId: string;
  /** Requested scopes, separated by spaces. */
  readonly scope: string;
  /** The requested API, or empty. */
  readonly audience: string;
  /** `gty` of the tokens. */
  readonly grant: string;
  /** Epoch seconds. */
  readonly authenticatedAt: number;
}

const OPENID = ['openid', 'profile', 'email', 'offline_access'];

const grantFor = async (provider: Provider, ctx: KoaContextWithOIDC, userId: string, api: TenantApi | undefined) => {
  const grant = new provider.Grant({ accountId: userId, clientId: ctx.oidc.client?.clientId ?? '' });
  grant.addOIDCScope(OPENID.join(' '));
  if (api !== undefined) grant.addResourceScope(api.audience, scopesOf(api));
  await grant.save();
  ctx.oidc.entity('Grant', grant);
  return grant;
};

/**
 * Issues an access token, with `openid` an ID token and with `offline_access` a refresh token, like the grants of oidc-provider.
 * @returns the body of the token endpoint's answer
 * @throws errors.AccessDenied for an unknown API
 */
export const issueTokens = async (
  provider: Provider,
  ctx: KoaContextWithOIDC,
  apis: readonly TenantApi[],
  { userId, scope, audience, grant: gty, authenticatedAt }: TokenRequest,
): Promise<Record<string, unknown>> => {
  const { client, account } = ctx.oidc;
  const api = apis.find((known) => known.audience === audience);
  if (audience !== '' && api === undefined) throw new errors.AccessDenied(`Service not found: ${audience}`);
  if (client === undefined || account === undefined) throw new errors.InvalidRequest('client and user are needed');
  const { jti: grantId } = await grantFor(provider, ctx, userId, api);
  const asked = scope.split(' ');
  const allowed = [...OPENID, ...(api?.scopes ?? [])].filter((name) => asked.includes(name));
  const common = { accountId: userId, client, grantId, gty };

  const access = new provider.AccessToken(common);
  access.scope = allowed.filter((name) => name !== 'offline_access').join(' ');
  if (api !== undefined) {
    access.resourceServer = new provider.ResourceServer(api.audience, apiToken(api.audience, scopesOf(api)));
  }
  ctx.oidc.entity('AccessToken', access);
  const answer: Record<string, unknown> = {
    access_token: await access.save(),
    token_type: 'Bearer',
    expires_in: access.expiration,
    scope: allowed.join(' '),
  };
  if (allowed.includes('openid')) {
    const claims = await account.claims('id_token', access.scope, {}, []);
    const id = new provider.IdToken({ ...claims, auth_time: authenticatedAt }, { ctx });
    Object.assign(id, { scope: access.scope });
    answer['id_token'] = await id.issue({ use: 'idtoken' });
  }
  if (allowed.includes('offline_access') && client.grantTypeAllowed('refresh_token')) {
    const refresh = new provider.RefreshToken({
      ...common,
      authTime: authenticatedAt,
      scope: allowed.join(' '),
      ...(api === undefined ? {} : { resource: api.audience }),
      rotations: 0,
      expiresWithSession: false,
    });
    ctx.oidc.entity('RefreshToken', refresh);
    answer['refresh_token'] = await refresh.save();
  }
  return answer;
};
