import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../../../contract/api/portal/api-keys.ts';
import {
  NewWebhook,
  RotateWebhookSecret,
  WebhookChange,
  WebhookList,
  WebhookSecretShownOnce,
  WebhookView,
} from '../../../contract/api/portal/webhooks.ts';
import { addApiKey, listApiKeys, type PortalApiKeyPorts, revokeApiKey } from '../../core/api-keys/manage-api-keys.ts';
import {
  addWebhook,
  deleteWebhook,
  editWebhook,
  listWebhooks,
  type PortalWebhookPorts,
  rotateWebhookSecret,
  testWebhook,
} from '../../core/webhooks/manage-webhooks.ts';
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import type { HttpHandler, HttpRequest } from '../../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../../http/json-body.ts';
import { type PortalEndpointPorts, type PortalRoute, portalEndpoint } from '../../http/portal-endpoint.ts';
import { pathParameter } from '../../http/query.ts';

export interface AutomationEndpointPorts extends PortalEndpointPorts, PortalApiKeyPorts, PortalWebhookPorts {}

const DONE = { statusCode: 204, headers: { ...NO_STORE_HEADERS } };

const apiKeyRoutes = (ports: AutomationEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
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
      return DONE;
    },
  },
});

const webhookId = (request: HttpRequest): string => pathParameter(request, 'webhookId');

// Where events go, and what proves them, are secrets' business; trying a webhook is not.
const webhookRoutes = (ports: AutomationEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  'GET /api/portal/webhooks': {
    permission: 'manage',
    run: async (_request, operator) =>
      jsonAnswer(WebhookList, { webhooks: [...(await listWebhooks(ports)(operator))] }, NO_STORE_HEADERS),
  },
  'POST /api/portal/webhooks': {
    permission: 'secure',
    run: async (request, operator) => {
      const made = await addWebhook(ports)(operator, jsonBody(request, NewWebhook));
      return jsonAnswer(WebhookSecretShownOnce, made, NO_STORE_HEADERS);
    },
  },
  'PATCH /api/portal/webhooks/{webhookId}': {
    permission: 'secure',
    run: async (request, operator) => {
      const change = jsonBody(request, WebhookChange);
      return jsonAnswer(WebhookView, await editWebhook(ports)(operator, webhookId(request), change), NO_STORE_HEADERS);
    },
  },
  'POST /api/portal/webhooks/{webhookId}/secrets': {
    permission: 'secure',
    run: async (request, operator) => {
      const rotation = jsonBody(request, RotateWebhookSecret);
      const made = await rotateWebhookSecret(ports)(operator, webhookId(request), rotation);
      return jsonAnswer(WebhookSecretShownOnce, made, NO_STORE_HEADERS);
    },
  },
  'POST /api/portal/webhooks/{webhookId}/test': {
    permission: 'manage',
    run: async (request, operator) => {
      await testWebhook(ports)(operator, webhookId(request));
      return DONE;
    },
  },
  'POST /api/portal/webhooks/{webhookId}/delete': {
    permission: 'secure',
    run: async (request, operator) => {
      await deleteWebhook(ports)(operator, webhookId(request));
      return DONE;
    },
  },
});

/** How machines reach the account, and are told of it: API keys and webhooks. */
export const automationEndpoint = (ports: AutomationEndpointPorts): HttpHandler =>
  portalEndpoint(ports, { ...apiKeyRoutes(ports), ...webhookRoutes(ports) });
