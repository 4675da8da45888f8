/** Key of a table or index; text by default. */
export interface TableKeys {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly sortKeyType?: 'N';
}

export interface TableDefinition extends TableKeys {
  /** The member that holds a row's end, epoch seconds. Rows without it stay. */
  readonly timeToLive?: 'removeAt';
  /** Indexes that hold only keys: rows are then read from the table, consistently. A row without the index's keys is not in it. */
  readonly indexes?: Readonly<Record<string, TableKeys>>;
}

/**
 * Keys of the DynamoDB tables, for the stores, CDK and the local platform. Every key begins with the account or the
 * integration, so that a foreign id reads nothing.
 */
export const TABLES = {
  ACCOUNT_TABLE: { partitionKey: 'accountId' },
  /** Operators and the list of integrations of an account; sort key `{kind}#…`. */
  ACCOUNT_ITEM_TABLE: { partitionKey: 'accountId', sortKey: 'itemKey' },
  /**
   * Audit events; sort key `{at}#{entryId}`, with ids that sort by time. A table of its own, so that no function needs permission to
   * change or delete here: DynamoDB itself deletes them at their end.
   */
  AUDIT_TABLE: { partitionKey: 'accountId', sortKey: 'entryKey', timeToLive: 'removeAt' },
  INTEGRATION_TABLE: { partitionKey: 'integrationId' },
  /**
   * Sort key: External ID. A row is removed together with its face (lambdas/core/jobs/expire-face.ts). The TTL is only for emptied rows
   * of deleted users and for expired invitations.
   */
  USER_TABLE: {
    partitionKey: 'integrationId',
    sortKey: 'externalId',
    timeToLive: 'removeAt',
    indexes: {
      /** `{integrationId}#{enrolled|not_enrolled|disabled}`: users of one state, in the order of External IDs. */
      byState: { partitionKey: 'listedAs', sortKey: 'externalId' },
      /** Users with failures since their last success, by time: a locked user failed within the lock time. */
      byFailure: { partitionKey: 'failingIn', sortKey: 'lastAttemptAt', sortKeyType: 'N' },
    },
  },
  /** `session#{integrationId}#{jti}`: keys begin with the kind, so that no other kind of row can be mistaken for a session. */
  SESSION_TABLE: { partitionKey: 'sessionKey', timeToLive: 'removeAt' },
  /** Sort key: `{finishedAt}#{id}`, with ids that sort by time. */
  TRANSACTION_TABLE: {
    partitionKey: 'integrationId',
    sortKey: 'endedKey',
    timeToLive: 'removeAt',
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
  STATISTICS_TABLE: { partitionKey: 'integrationId', sortKey: 'hourKey', timeToLive: 'removeAt' },
  /** Jobs of housekeeping, one partition per UTC day and queue; sort key `{dueAt}#{workId}`. */
  DUE_WORK_TABLE: { partitionKey: 'dueDay', sortKey: 'dueKey' },
} as const satisfies Record<string, TableDefinition>;
