import { KMSClient } from '@aws-sdk/client-kms';
import { IntegrationRemovalStore } from '../../adapters/dynamodb/integrations/integration-removal.ts';
import { switchOffIn } from '../../adapters/dynamodb/integrations/integration-switch.ts';
import { PortalIntegrationStore } from '../../adapters/dynamodb/integrations/portal-integration-store.ts';
import { SecretUseStore } from '../../adapters/dynamodb/integrations/secret-use-store.ts';
import { TenantContactStore } from '../../adapters/dynamodb/integrations/tenant-contact-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { KmsKeyVault } from '../../adapters/kms/key-vault.ts';
import { INTEGRATIONS_VARIABLES, readEnvironment } from '../../composition/environment.ts';
import { operatorPorts } from '../../composition/portal.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
import { integrationsEndpoint } from './endpoint.ts';

const environment = readEnvironment(INTEGRATIONS_VARIABLES);
const tables = createDocumentClient();
const ports = operatorPorts('integrations', tables, environment);

const names = {
  integrations: environment.INTEGRATION_TABLE,
  items: environment.ACCOUNT_ITEM_TABLE,
  jobs: environment.DUE_WORK_TABLE,
};

const endpoint = integrationsEndpoint({
  ...ports,
  integrations: new PortalIntegrationStore(tables, names),
  removal: new IntegrationRemovalStore(tables, names),
  tenantContacts: new TenantContactStore(tables, environment.SESSION_TABLE),
  secretUses: new SecretUseStore(tables, environment.SESSION_TABLE),
  switchOff: switchOffIn(tables, names),
  keySealer: new KmsKeyVault(new KMSClient({}), environment.INTEGRATION_KEY_ID),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
