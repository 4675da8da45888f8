/**
 * Prefix of the login's domain (`PREFIX.auth.REGION.amazoncognito.com`), by which the pool of a stage's operators is found.
 * Prefixes are unique in a region, hence the account's number.
 */
export const loginPrefix = (stage: string, account: string): string => `verified-${stage}-${account}`;

/**
 * Words that no such prefix may contain: Cognito answers `Domain cannot contain reserved word: …` (developer guide, "Configuring a user
 * pool domain").
 */
export const RESERVED_WORDS = ['amazon', 'aws', 'cognito'] as const;
