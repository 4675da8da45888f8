import { PORTAL_PAGE_PATH, type PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { portalPageHeaders } from '../../web/portal/security-headers.ts';
import type { JwtAuthorizerOptions } from '../edge/jwt-authorizer.ts';
import type { TenantClient } from '../tenant/openid/tenant-client.ts';

const CLIENT_ID = 'verified-portal';

/** How operators sign in on this machine: the portal is a public app of the local tenant and presents its ID token. */
export const portalOf = (
  publicOrigin: string,
  issuer: string,
): {
  readonly url: string;
  readonly config: PortalConfig;
  readonly headers: (path: string) => Readonly<Record<string, string>>;
  readonly authorizer: JwtAuthorizerOptions;
  readonly client: TenantClient;
} => {
  const url = `${publicOrigin}${PORTAL_PAGE_PATH}`;
  return {
    url,
    config: { issuer, clientId: CLIENT_ID, scope: 'openid profile email' },
    headers: (path) => portalPageHeaders({ issuerOrigins: [new URL(issuer).origin], path }),
    authorizer: { issuer, audience: CLIENT_ID },
    client: {
      clientId: CLIENT_ID,
      clientSecret: null,
      name: 'Identity Portal',
      redirectUris: [url],
      logoutUris: [url],
      webOrigins: [publicOrigin],
      // Operators manage the face check; they do not need it to sign in (action/README.md, "Per application").
      metadata: { verified_mode: 'off' },
    },
  };
};
