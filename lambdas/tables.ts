/**
 * Keys of the DynamoDB tables, for the stores, for CDK and for the local platform. Every key begins with the account or the
 * integration, so that a foreign id reads nothing.
 */
export const TABLES = {
  ACCOUNT_TABLE: { partitionKey: 'accountId' },
  INTEGRATION_TABLE: { partitionKey: 'integrationId' },
  /** Sort key: External ID. `purgeAt` ends a reference that was not used for the integration's retention time. */
  USER_TABLE: { partitionKey: 'integrationId', sortKey: 'externalId', timeToLive: 'purgeAt' },
  /** `session#{integrationId}#{jti}`: the kind stands first, so that no other kind of row can be taken for a session. */
  SESSION_TABLE: { partitionKey: 'sessionKey', timeToLive: 'removeAt' },
  /** Sort key: `{finishedAt}#{jti}`. */
  TRANSACTION_TABLE: { partitionKey: 'integrationId', sortKey: 'endedKey' },
} as const satisfies Record<string, { partitionKey: string; sortKey?: string; timeToLive?: string }>;
