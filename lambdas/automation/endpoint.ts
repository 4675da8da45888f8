import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../../contract/api/portal/api-keys.ts';
import { addApiKey, listApiKeys, type PortalApiKeyPorts, revokeApiKey } from '../core/portal/api-keys.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler } from '../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { type PortalEndpointPorts, portalEndpoint } from '../http/portal-endpoint.ts';

export interface AutomationEndpointPorts extends PortalEndpointPorts, PortalApiKeyPorts {}

/** How machines reach the account: API keys. */
export const automationEndpoint = (ports: AutomationEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/api-keys': {
      permission: 'manage',
      run: async (_request, operator) =>
        jsonAnswer(ApiKeyList, { keys: [...(await listApiKeys(ports)(operator))] }, NO_STORE_HEADERS),
    },
    'POST /api/portal/api-keys': {
      permission: 'secure',
      run: async (request, operator) =>
        jsonAnswer(ApiKeyShownOnce, await addApiKey(ports)(operator, jsonBody(request, NewApiKey)), NO_STORE_HEADERS),
    },
    // Ending a key does no harm that making one again could not undo, and must not wait for anybody.
    'POST /api/portal/api-keys/revoke': {
      permission: 'manage',
      run: async (request, operator) => {
        await revokeApiKey(ports)(operator, jsonBody(request, RevokeApiKey).keyId);
        return { statusCode: 204, headers: { ...NO_STORE_HEADERS } };
      },
    },
  });
