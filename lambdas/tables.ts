/** Key of a table or index; text unless told. */
export interface TableKeys {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly sortKeyType?: 'N';
}

export interface TableDefinition extends TableKeys {
  readonly timeToLive?: string;
  /** Hold keys alone: rows are then read from the table, as they stand. A row without the index's keys is not in it. */
  readonly indexes?: Readonly<Record<string, TableKeys>>;
}

/**
 * Keys of the DynamoDB tables, for the stores, for CDK and for the local platform. Every key begins with the account or the
 * integration, so that a foreign id reads nothing.
 */
export const TABLES = {
  ACCOUNT_TABLE: { partitionKey: 'accountId' },
  /** Operators and the list of integrations of an account; sort key `{kind}#…`. */
  ACCOUNT_ITEM_TABLE: { partitionKey: 'accountId', sortKey: 'itemKey' },
  /** Acts of operators; sort key `{at}#{entryId}`, the id in order of time. A table of its own, so that no function needs a right to change or delete here. */
  AUDIT_TABLE: { partitionKey: 'accountId', sortKey: 'entryKey' },
  INTEGRATION_TABLE: { partitionKey: 'integrationId' },
  /**
   * Sort key: External ID. A row goes together with its face (lambdas/core/jobs/expire-face.ts); the TTL is for emptied rows of
   * deleted people alone.
   */
  USER_TABLE: {
    partitionKey: 'integrationId',
    sortKey: 'externalId',
    timeToLive: 'removeAt',
    indexes: {
      /** `{integrationId}#{enrolled|not_enrolled|disabled}`: people of one state, in the order of External IDs. */
      byState: { partitionKey: 'listedAs', sortKey: 'externalId' },
      /** People with failures since their last success, by time: whoever is locked failed within the lock time. */
      byFailure: { partitionKey: 'failingIn', sortKey: 'lastAttemptAt', sortKeyType: 'N' },
    },
  },
  /** `session#{integrationId}#{jti}`: the kind stands first, so that no other kind of row can be taken for a session. */
  SESSION_TABLE: { partitionKey: 'sessionKey', timeToLive: 'removeAt' },
  /** Sort key: `{finishedAt}#{id}`, the id in order of time. */
  TRANSACTION_TABLE: {
    partitionKey: 'integrationId',
    sortKey: 'endedKey',
    indexes: {
      /** `{integrationId}#{externalId}` */
      byPerson: { partitionKey: 'personKey', sortKey: 'endedKey' },
      /** `{integrationId}#{supportId}` */
      bySupportId: { partitionKey: 'supportKey', sortKey: 'endedKey' },
      /** `{integrationId}#{outcome}` */
      byOutcome: { partitionKey: 'outcomeKey', sortKey: 'endedKey' },
    },
  },
  /** Counts of ended logins; sort key `{hour}#{shard}`. */
  STATISTICS_TABLE: { partitionKey: 'integrationId', sortKey: 'hourKey' },
  /** What housekeeping has to do, a partition a UTC day; sort key `{dueAt}#{workId}`. */
  DUE_WORK_TABLE: { partitionKey: 'dueDay', sortKey: 'dueKey' },
} as const satisfies Record<string, TableDefinition>;
