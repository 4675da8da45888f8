import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../portal/api-keys.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** API keys. Revoking one is undone by creating another, and must not wait for an owner. */
export const API_KEY_ROUTES = {
  portalApiKeys: {
    method: 'GET',
    path: '/api/portal/api-keys',
    permission: 'write',
    answers: { 200: ApiKeyList },
  },
  portalAddApiKey: {
    method: 'POST',
    path: '/api/portal/api-keys',
    permission: 'admin',
    body: NewApiKey,
    answers: { 200: ApiKeyShownOnce },
  },
  portalRevokeApiKey: {
    method: 'POST',
    path: '/api/portal/api-keys/revoke',
    permission: 'write',
    body: RevokeApiKey,
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;
