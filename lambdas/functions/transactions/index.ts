import { PortalIntegrationStore } from '../../adapters/dynamodb/integrations/portal-integration-store.ts';
import { TransactionStore } from '../../adapters/dynamodb/logins/login-record-store.ts';
import { StatisticsStore } from '../../adapters/dynamodb/logins/statistics-store.ts';
import { createDocumentClient } from '../../adapters/dynamodb/table/document-client.ts';
import { readEnvironment, TRANSACTIONS_VARIABLES } from '../../composition/environment.ts';
import { operatorPorts } from '../../composition/portal.ts';
import { behindFrontDoor } from '../../http/behind-front-door.ts';
import { transactionsEndpoint } from './endpoint.ts';

const environment = readEnvironment(TRANSACTIONS_VARIABLES);
const tables = createDocumentClient();
const ports = operatorPorts('transactions', tables, environment);

const endpoint = transactionsEndpoint({
  ...ports,
  integrations: new PortalIntegrationStore(tables, {
    integrations: environment.INTEGRATION_TABLE,
    items: environment.ACCOUNT_ITEM_TABLE,
  }),
  transactions: new TransactionStore(tables, environment.TRANSACTION_TABLE),
  statistics: new StatisticsStore(tables, environment.STATISTICS_TABLE),
});

export const handler = behindFrontDoor(environment.FRONT_DOOR_SECRET, ports.log, endpoint);
