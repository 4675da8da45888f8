/**
 * The session token: Action to service, HS256 with the request key, made by Auth0's `api.redirect.encodeToken`.
 * Auth0 adds `iss` (bare tenant host), `sub` (user_id = External ID), `iat`, `exp`, `ip`; these are ours.
 */
export interface SessionTokenPayload {
  readonly v: 1;
  readonly use: typeof SESSION_TOKEN_USE;
  /** `verified:{integrationId}` */
  readonly aud: string;
  /** 128 random bits or more; single use at the service. */
  readonly jti: string;
  /** `event.transaction.id` */
  readonly tx: string;
  /** `event.client.client_id` */
  readonly cid: string;
  readonly mode: ChallengeMode;
  readonly purpose: ChallengePurpose;
  /** What enrollment policies need to know of the account, true only where Auth0 said so. */
  readonly facts: EnrollmentFacts;
  /** BCP 47 tag that the person asked for, e.g. `en`. */
  readonly lang?: string;
  /** Name of the application, shown on the capture page. */
  readonly app?: string;
  /** `sealPii` of e-mail and display name. */
  readonly pii?: string;
}

export type ChallengeMode = 'always' | 'on-demand';
export type ChallengePurpose = 'mfa' | 'enroll';

export interface EnrollmentFacts {
  readonly emailVerified: boolean;
  /** Another second factor is enrolled at Auth0; where a face check replaces it, it was passed in this browser session. */
  readonly otherFactors: boolean;
}

export const SESSION_TOKEN_USE = 'session';

/** The `aud` of a session token. */
export const sessionAudience = (integrationId: string): string => `verified:${integrationId}`;

/** Query parameters of the redirect to `/s/{integrationId}`; `state` is appended by Auth0. */
export const SESSION_TOKEN_PARAMETER = 'session_token';
export const STATE_PARAMETER = 'state';

/** What the Action asks Auth0 for as `exp`; it bounds the first opening only. */
export const SESSION_TOKEN_LIFETIME_SECONDS = 300;
/** The service's own limit on a token's age, by `iat`, whatever `exp` says. */
export const SESSION_TOKEN_MAX_AGE_SECONDS = 300;
/** How far in the future an `iat` may lie: Auth0's and our clocks differ a little. */
export const CLOCK_SKEW_SECONDS = 30;
/** Longest session token that is looked at, in characters. */
export const SESSION_TOKEN_MAX_LENGTH = 4096;
/** Longest Auth0 `state` that is accepted, in characters. */
export const STATE_MAX_LENGTH = 2048;
