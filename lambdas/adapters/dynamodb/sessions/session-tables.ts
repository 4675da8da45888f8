import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface SessionTables {
  readonly sessions: string;
  readonly users: string;
  readonly transactions: string;
  readonly statistics: string;
  readonly jobs: string;
}

/** Where sessions are written. */
export interface SessionPlace {
  readonly client: DynamoDBDocumentClient;
  readonly tables: SessionTables;
}
