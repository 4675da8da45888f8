import { ApiKeyStore } from '../adapters/dynamodb/api-key-store.ts';
import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { PortalIntegrationStore } from '../adapters/dynamodb/portal-integration-store.ts';
import { AutomationEnvironment, readEnvironment } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
import { automationEndpoint } from './endpoint.ts';

const environment = readEnvironment(AutomationEnvironment);
const tables = createDocumentClient();
const ports = operatorPorts('automation', tables, environment);

const endpoint = automationEndpoint({
  ...ports,
  integrations: new PortalIntegrationStore(tables, {
    integrations: environment.INTEGRATION_TABLE,
    items: environment.ACCOUNT_ITEM_TABLE,
  }),
  apiKeys: new ApiKeyStore(tables, environment.ACCOUNT_ITEM_TABLE),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
