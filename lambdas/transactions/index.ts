import { createDocumentClient } from '../adapters/dynamodb/document-client.ts';
import { PortalIntegrationStore } from '../adapters/dynamodb/portal-integration-store.ts';
import { StatisticsStore } from '../adapters/dynamodb/statistics-store.ts';
import { TransactionStore } from '../adapters/dynamodb/transaction-store.ts';
import { readEnvironment, TRANSACTIONS_VARIABLES } from '../environment.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import { operatorPorts } from '../portal-composition.ts';
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
