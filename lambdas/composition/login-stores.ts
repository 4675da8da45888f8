import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { IntegrationStore } from '../adapters/dynamodb/integrations/integration-store.ts';
import { SessionStore } from '../adapters/dynamodb/sessions/session-store.ts';
import { UserStore } from '../adapters/dynamodb/users/user-store.ts';
import type { Environment, LOGIN_VARIABLES } from './environment.ts';

/** The stores of every function that takes part in a login. */
export const loginStores = (client: DynamoDBDocumentClient, environment: Environment<typeof LOGIN_VARIABLES>) => ({
  integrations: new IntegrationStore(client, environment.INTEGRATION_TABLE),
  users: new UserStore(client, environment.USER_TABLE),
  sessions: new SessionStore(client, {
    sessions: environment.SESSION_TABLE,
    users: environment.USER_TABLE,
    transactions: environment.TRANSACTION_TABLE,
    statistics: environment.STATISTICS_TABLE,
    jobs: environment.DUE_WORK_TABLE,
  }),
});
