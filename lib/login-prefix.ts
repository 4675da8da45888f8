/**
 * Prefix of the login's domain (`PREFIX.auth.REGION.amazoncognito.com`), by which the pool of a stage's operators is found.
 * Prefixes are unique in a region, hence the account's number.
 */
export const loginPrefix = (stage: string, account: string): string => `verified-${stage}-${account}`;
