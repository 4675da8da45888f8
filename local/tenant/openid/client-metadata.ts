import type Provider from 'oidc-provider';
import type { ClientMetadata, ResponseType } from 'oidc-provider';
import { GRANT, type TenantClient } from './tenant-client.ts';

const IMPLICIT_RESPONSES: ResponseType[] = ['id_token', 'id_token token'];
const HYBRID_RESPONSES: ResponseType[] = ['code id_token', 'code token', 'code id_token token'];

/** Every response type of the tenant. Auth0 has `token` alone as well; oidc-provider does not. */
export const RESPONSE_TYPES: ResponseType[] = ['code', ...IMPLICIT_RESPONSES, ...HYBRID_RESPONSES];

const responseTypesOf = (grantTypes: readonly string[]): ResponseType[] => {
  const hasCode = grantTypes.includes(GRANT.code);
  if (!grantTypes.includes(GRANT.implicit)) return hasCode ? ['code'] : [];
  return hasCode ? RESPONSE_TYPES : IMPLICIT_RESPONSES;
};

/** An app in oidc-provider's form. */
export const clientMetadata = (client: TenantClient): ClientMetadata => {
  const grantTypes = client.grantTypes ?? [GRANT.code, GRANT.refresh];
  return {
    client_id: client.clientId,
    ...(client.clientSecret === null
      ? { token_endpoint_auth_method: 'none' as const }
      : { client_secret: client.clientSecret, token_endpoint_auth_method: 'client_secret_post' as const }),
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.logoutUris],
    grant_types: [...grantTypes],
    response_types: responseTypesOf(grantTypes),
  };
};

/** Lets apps on this machine use the implicit flow; for real ones the specification requires https. */
export const allowImplicitOnLoopback = (provider: Provider): void => {
  const { Schema } = provider.Client as unknown as {
    Schema: { prototype: { invalidate(message: string, code?: string): void } };
  };
  const { invalidate } = Schema.prototype;
  Schema.prototype.invalidate = function (message, code) {
    if (code === 'implicit-force-https' || code === 'implicit-forbid-localhost') return;
    invalidate.call(this, message, code);
  };
};
