import { KMSClient } from '@aws-sdk/client-kms';
import { ApiKeyStore } from '../adapters/dynamodb/accounts/api-key-store.ts';
import { WebhookStore } from '../adapters/dynamodb/accounts/webhook-store.ts';
import { PortalIntegrationStore } from '../adapters/dynamodb/integrations/portal-integration-store.ts';
import { JobStore } from '../adapters/dynamodb/jobs/job-store.ts';
import { createDocumentClient } from '../adapters/dynamodb/table/document-client.ts';
import { KmsWebhookSecretVault } from '../adapters/kms/webhook-secret-vault.ts';
import type { Destinations } from '../core/webhooks/destination.ts';
import { automationEndpoint } from '../functions/automation/endpoint.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { AUTOMATION_VARIABLES, readEnvironment } from './environment.ts';
import { operatorPorts } from './portal.ts';

/** AWS behind the portal's API keys and webhooks; `destinations` says where webhooks may go. */
export const automationHandler = (destinations: Destinations) => {
  const environment = readEnvironment(AUTOMATION_VARIABLES);
  const tables = createDocumentClient();
  const ports = operatorPorts('automation', tables, environment);
  const items = environment.ACCOUNT_ITEM_TABLE;
  const endpoint = automationEndpoint({
    ...ports,
    integrations: new PortalIntegrationStore(tables, { integrations: environment.INTEGRATION_TABLE, items }),
    apiKeys: new ApiKeyStore(tables, { items, jobs: environment.DUE_WORK_TABLE }),
    webhooks: new WebhookStore(tables, items),
    webhookSecrets: new KmsWebhookSecretVault(new KMSClient({}), environment.INTEGRATION_KEY_ID),
    destinations,
    jobs: new JobStore(tables, environment.DUE_WORK_TABLE),
  });
  return behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
};
