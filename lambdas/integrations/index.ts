import { KMSClient } from '@aws-sdk/client-kms';
import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { IntegrationRemovalStore } from '../adapters/dynamodb/integration-removal.ts';
import { switchOffIn } from '../adapters/dynamodb/integration-switch.ts';
import { OpeningsStore } from '../adapters/dynamodb/openings-store.ts';
import { PortalIntegrationStore } from '../adapters/dynamodb/portal-integration-store.ts';
import { SecretUseStore } from '../adapters/dynamodb/secret-use-store.ts';
import { KmsKeyVault } from '../adapters/kms/key-vault.ts';
import { INTEGRATIONS_VARIABLES, readEnvironment } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
import { integrationsEndpoint } from './endpoint.ts';

const environment = readEnvironment(INTEGRATIONS_VARIABLES);
const tables = createDocumentClient();
const ports = operatorPorts('integrations', tables, environment);

const names = {
  integrations: environment.INTEGRATION_TABLE,
  items: environment.ACCOUNT_ITEM_TABLE,
  dueWork: environment.DUE_WORK_TABLE,
};

const endpoint = integrationsEndpoint({
  ...ports,
  integrations: new PortalIntegrationStore(tables, names),
  removal: new IntegrationRemovalStore(tables, names),
  openings: new OpeningsStore(tables, environment.SESSION_TABLE),
  secretUses: new SecretUseStore(tables, environment.SESSION_TABLE),
  switchOff: switchOffIn(tables, names),
  keySealer: new KmsKeyVault(new KMSClient({}), environment.INTEGRATION_KEY_ID),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
