/**
 * Keys of the DynamoDB tables, for the stores, for CDK and for the local platform. Every key begins with the account or the
 * integration, so that a foreign id reads nothing.
 */
export const TABLES = {
  ACCOUNT_TABLE: { partitionKey: 'accountId' },
  /** Operators, audit entries and the list of integrations of an account; sort key `{kind}#…`. */
  ACCOUNT_ITEM_TABLE: { partitionKey: 'accountId', sortKey: 'itemKey' },
  INTEGRATION_TABLE: { partitionKey: 'integrationId' },
  /**
   * Sort key: External ID. A row goes together with its face (lambdas/core/look-after-face.ts); the TTL is for emptied rows of
   * deleted people alone.
   */
  USER_TABLE: { partitionKey: 'integrationId', sortKey: 'externalId', timeToLive: 'removeAt' },
  /** `session#{integrationId}#{jti}`: the kind stands first, so that no other kind of row can be taken for a session. */
  SESSION_TABLE: { partitionKey: 'sessionKey', timeToLive: 'removeAt' },
  /** Sort key: `{finishedAt}#{jti}`. */
  TRANSACTION_TABLE: { partitionKey: 'integrationId', sortKey: 'endedKey' },
  /** What housekeeping has to do, a partition a UTC day; sort key `{dueAt}#{workId}`. */
  DUE_WORK_TABLE: { partitionKey: 'dueDay', sortKey: 'dueKey' },
} as const satisfies Record<string, { partitionKey: string; sortKey?: string; timeToLive?: string }>;
