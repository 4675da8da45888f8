import { createLocalJWKSet, type JWK, errors as jose, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import type { Account, KoaContextWithOIDC } from 'oidc-provider';
import type { TenantUserStore } from '../user-store.ts';
import { issueTokens } from './issue-tokens.ts';
import { errors } from './oidc-provider.ts';
import { GRANT, type TenantApi } from './tenant-client.ts';

/** What the grants without a browser work with. */
export interface DirectGrantPorts {
  readonly provider: Provider;
  readonly users: TenantUserStore;
  readonly apis: readonly TenantApi[];
  readonly jwks: readonly JWK[];
  readonly clockMs: () => number;
  readonly accountOf: (ctx: KoaContextWithOIDC, userId: string) => Account | undefined;
  /**
   * Runs the Actions and keeps their outcome for the tokens.
   * @throws errors.OIDCProviderError if they deny, fail or redirect
   */
  readonly runActions: (
    ctx: KoaContextWithOIDC,
    userId: string,
    protocol: 'oauth2-password' | 'oauth2-token-exchange',
  ) => Promise<void>;
}

const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const PARAMETERS = ['scope', 'audience', 'organization'];

const parameter = (ctx: KoaContextWithOIDC, name: string): string => {
  const value = ctx.oidc.params?.[name];
  return typeof value === 'string' ? value : '';
};

const answer = async (
  ports: DirectGrantPorts,
  ctx: KoaContextWithOIDC,
  userId: string,
  protocol: 'oauth2-password' | 'oauth2-token-exchange',
): Promise<void> => {
  const { provider, users, apis, clockMs, accountOf, runActions } = ports;
  await users.countLogin(userId);
  await runActions(ctx, userId, protocol);
  const account = accountOf(ctx, userId);
  if (account === undefined) throw new errors.InvalidGrant('the user is gone');
  ctx.oidc.entity('Account', account);
  ctx.body = await issueTokens(provider, ctx, apis, {
    userId,
    scope: parameter(ctx, 'scope') || 'openid profile email',
    audience: parameter(ctx, 'audience'),
    grant: protocol === 'oauth2-password' ? 'password' : 'token-exchange',
    authenticatedAt: Math.floor(clockMs() / 1000),
  });
};

/** The user of an ID token that this tenant issued to any of its apps. */
const userOfToken = async ({ provider, jwks }: DirectGrantPorts, token: string): Promise<string> => {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...jwks] }), { issuer: provider.issuer });
    return payload.sub ?? '';
  } catch (cause) {
    if (cause instanceof jose.JOSEError) throw new errors.InvalidRequest('the subject token is invalid');
    throw cause;
  }
};

/**
 * Adds the password grant, with Auth0's own name for it, and the token exchange (RFC 8693). Where Auth0 runs a custom token
 * exchange Action to find the user, this tenant accepts one of its own ID tokens.
 */
export const addDirectGrants = (ports: DirectGrantPorts): void => {
  const { provider, users } = ports;
  const byPassword = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const user = await users.authenticate(parameter(ctx, 'username'), parameter(ctx, 'password'));
    if (user === null) throw new errors.CustomOIDCProviderError('invalid_grant', 'Wrong email or password.');
    await answer(ports, ctx, user.user_id, 'oauth2-password');
  };
  for (const name of [GRANT.password, GRANT.passwordRealm]) {
    provider.registerGrantType(name, byPassword, ['username', 'password', 'realm', ...PARAMETERS]);
  }
  provider.registerGrantType(
    GRANT.tokenExchange,
    async (ctx) => {
      if (parameter(ctx, 'subject_token_type') !== ID_TOKEN) {
        throw new errors.InvalidRequest(`subject_token_type must be ${ID_TOKEN}`);
      }
      const userId = await userOfToken(ports, parameter(ctx, 'subject_token'));
      await answer(ports, ctx, userId, 'oauth2-token-exchange');
    },
    ['subject_token', 'subject_token_type', ...PARAMETERS],
  );
};
