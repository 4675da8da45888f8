import { API_KEY_ROUTES } from '../../../contract/api/routes/portal-api-keys.ts';
import { WEBHOOK_ROUTES } from '../../../contract/api/routes/portal-webhooks.ts';
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
import type { HttpHandler } from '../../http/endpoint.ts';
import { type PortalEndpointPorts, type PortalHandlers, portalEndpoint } from '../../http/portal-endpoint.ts';

export interface AutomationEndpointPorts extends PortalEndpointPorts, PortalApiKeyPorts, PortalWebhookPorts {}

const apiKeyHandlers = (ports: AutomationEndpointPorts): PortalHandlers<typeof API_KEY_ROUTES> => ({
  portalApiKeys: async (_input, operator) => ({ keys: [...(await listApiKeys(ports)(operator))] }),
  portalAddApiKey: ({ body }, operator) => addApiKey(ports)(operator, body),
  portalRevokeApiKey: ({ body }, operator) => revokeApiKey(ports)(operator, body.keyId),
});

const webhookHandlers = (ports: AutomationEndpointPorts): PortalHandlers<typeof WEBHOOK_ROUTES> => ({
  portalWebhooks: async (_input, operator) => ({ webhooks: [...(await listWebhooks(ports)(operator))] }),
  portalAddWebhook: ({ body }, operator) => addWebhook(ports)(operator, body),
  portalEditWebhook: ({ path, body }, operator) => editWebhook(ports)(operator, path.webhookId, body),
  portalRotateWebhookSecret: ({ path, body }, operator) => rotateWebhookSecret(ports)(operator, path.webhookId, body),
  portalTestWebhook: ({ path }, operator) => testWebhook(ports)(operator, path.webhookId),
  portalDeleteWebhook: ({ path }, operator) => deleteWebhook(ports)(operator, path.webhookId),
});

/** Machine access to the account: API keys and webhooks. */
export const automationEndpoint = (ports: AutomationEndpointPorts): HttpHandler =>
  portalEndpoint(
    ports,
    { ...API_KEY_ROUTES, ...WEBHOOK_ROUTES },
    { ...apiKeyHandlers(ports), ...webhookHandlers(ports) },
  );
