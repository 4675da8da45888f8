import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { scopesOf } from './provider-features.ts';
import type { TenantApi } from './tenant-client.ts';

/** First-party apps need no consent; the session's grant is reused, so that earlier refresh tokens stay valid. */
export const firstPartyGrant = async (provider: Provider, apis: readonly TenantApi[], ctx: KoaContextWithOIDC) => {
  const { session, client } = ctx.oidc;
  if (session?.accountId === undefined || client === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  const grant = existing ?? new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope('openid profile email offline_access');
  for (const api of apis) grant.addResourceScope(api.audience, scopesOf(api));
  await grant.save();
  return grant;
};
