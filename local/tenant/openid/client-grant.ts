import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { errors } from './oidc-provider.ts';
import { apiToken, grantedTo } from './provider-features.ts';
import { GRANT, type TenantClient } from './tenant-client.ts';

const words = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(' ') : []);

/**
 * Adds client credentials as at Auth0: for an `audience` that an admin granted, with all granted scopes if the app names none. No
 * post-login Action runs. (oidc-provider's own grant does not support `audience`.)
 */
export const addClientGrant = (provider: Provider, clients: readonly TenantClient[]): void => {
  const handler = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { client, params } = ctx.oidc;
    const audience = params?.['audience'];
    if (client === undefined || typeof audience !== 'string') {
      throw new errors.AccessDenied('No audience parameter was provided, and no default audience has been configured');
    }
    const granted = grantedTo(clients, client.clientId, audience);
    if (granted === undefined) {
      throw new errors.AccessDenied(
        `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`,
      );
    }
    const asked = words(params?.['scope']);
    const scope = granted.filter((name) => asked.length === 0 || asked.includes(name)).join(' ');
    const token = new provider.ClientCredentials({ client, scope });
    token.resourceServer = new provider.ResourceServer(audience, apiToken(audience, scope));
    ctx.oidc.entity('ClientCredentials', token);
    ctx.body = { access_token: await token.save(), scope, expires_in: token.expiration, token_type: 'Bearer' };
  };
  provider.registerGrantType(GRANT.client, handler, ['audience', 'scope']);
};
