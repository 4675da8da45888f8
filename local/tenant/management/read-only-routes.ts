import type { Router } from 'express';
import { GRANT, type Organization, type TenantApi, type TenantClient } from '../openid/tenant-client.ts';
import { requireScope, type ScopesOf } from './access.ts';
import { pageOf } from './paging.ts';
import { ManagementProblem } from './problem.ts';

/** What the tenant was started with and the Management API only shows. */
export interface ReadOnlyParts {
  readonly hostname: string;
  readonly clients: readonly TenantClient[];
  readonly apis: readonly TenantApi[];
  readonly organizations: readonly Organization[];
}

/** Client secrets are not shown. */
const clientView = (client: TenantClient) => ({
  ...{ client_id: client.clientId, name: client.name, client_metadata: client.metadata, is_first_party: true },
  ...{ callbacks: client.redirectUris, allowed_logout_urls: client.logoutUris, web_origins: client.webOrigins ?? [] },
  app_type: client.clientSecret === null ? 'spa' : 'regular_web',
  token_endpoint_auth_method: client.clientSecret === null ? 'none' : 'client_secret_post',
  grant_types: client.grantTypes ?? [GRANT.code, GRANT.refresh],
});

const CONNECTION = { id: 'con_local', name: 'Username-Password-Authentication', strategy: 'auth0', options: {} };

/** Adds the read-only views: apps, APIs, grants, organizations, the connection and the tenant's settings. */
export const addReadOnlyRoutes = (router: Router, parts: ReadOnlyParts, scopesOf: ScopesOf): void => {
  const { hostname, clients, apis, organizations } = parts;
  const lists: readonly (readonly [path: string, name: string, scope: string, items: readonly object[]])[] = [
    ['/clients', 'clients', 'read:clients', clients.map(clientView)],
    [
      '/resource-servers',
      'resource_servers',
      'read:resource_servers',
      apis.map(({ audience, scopes }) => ({
        ...{ id: audience, identifier: audience, name: audience },
        scopes: scopes.map((value) => ({ value })),
      })),
    ],
    [
      '/client-grants',
      'client_grants',
      'read:client_grants',
      clients.flatMap(({ clientId, clientGrants = [] }) =>
        clientGrants.map(({ audience, scopes }) => ({ client_id: clientId, audience, scope: scopes })),
      ),
    ],
    [
      '/organizations',
      'organizations',
      'read:organizations',
      organizations.map(({ id, name, displayName, metadata }) => ({ id, name, display_name: displayName, metadata })),
    ],
    ['/connections', 'connections', 'read:connections', [CONNECTION]],
  ];
  for (const [path, name, scope, items] of lists) {
    router.get(path, requireScope(scopesOf, scope), (request, response) => {
      response.json(pageOf(request, name, items));
    });
  }
  router.get('/clients/:id', requireScope(scopesOf, 'read:clients'), (request, response) => {
    const client = clients.find(({ clientId }) => clientId === request.params['id']);
    if (client === undefined) throw new ManagementProblem(404, 'inexistent_client', 'The client does not exist.');
    response.json(clientView(client));
  });
  router.get('/tenants/settings', requireScope(scopesOf, 'read:tenant_settings'), (_request, response) => {
    response.json({ friendly_name: hostname, enabled_locales: ['en'], flags: {}, sandbox_version: '22' });
  });
};
