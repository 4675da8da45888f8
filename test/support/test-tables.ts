import { randomUUID } from 'node:crypto';
import type { RunningPart } from '../../local/aws-wire/listen.ts';
import type { TableNames } from '../../local/dynamodb/create-tables.ts';
import { startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';

/** Address of another DynamoDB that tests are to run on, to see whether it agrees (test/oracles); by default, each world starts its own. */
export const DYNAMODB_UNDER_TEST = 'DYNAMODB_UNDER_TEST';

const namesWith = (suffix: string): TableNames => ({
  ACCOUNT_TABLE: `accounts${suffix}`,
  ACCOUNT_ITEM_TABLE: `account-items${suffix}`,
  AUDIT_TABLE: `audit${suffix}`,
  INTEGRATION_TABLE: `integrations${suffix}`,
  USER_TABLE: `users${suffix}`,
  SESSION_TABLE: `sessions${suffix}`,
  TRANSACTION_TABLE: `transactions${suffix}`,
  STATISTICS_TABLE: `statistics${suffix}`,
  DUE_WORK_TABLE: `due-work${suffix}`,
});

/** Tables of one world: of a database of its own, or with names of its own where the database serves several worlds. */
export const testTables = (): {
  readonly tables: TableNames;
  readonly start: (folder: string) => Promise<RunningPart>;
} => {
  const url = process.env[DYNAMODB_UNDER_TEST];
  if (url === undefined) return { tables: namesWith(''), start: (folder) => startDynamoDb({ port: 0, folder }) };
  return { tables: namesWith(`-${randomUUID()}`), start: async () => ({ url, close: async () => {} }) };
};
