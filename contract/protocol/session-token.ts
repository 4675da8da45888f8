/**
 * The session token: Action to service, HS256 with the request key, created by Auth0's `api.redirect.encodeToken`.
 * Auth0 adds `iss` (bare tenant host), `sub` (user_id = External ID), `iat`, `exp`, `ip`; the Action adds these.
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
  /** What enrollment policies need to know about the user, true only if Auth0 says so. */
  readonly facts: EnrollmentFacts;
  /** BCP 47 tag of the user's language, e.g. `en`. */
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
  /** Another second factor is enrolled at Auth0; if a face check replaces it, it was passed in this browser session. */
  readonly otherFactors: boolean;
}

export const SESSION_TOKEN_USE = 'session';

/** The `aud` of a session token. */
export const sessionAudience = (integrationId: string): string => `verified:${integrationId}`;

/** Query parameters of the redirect to `/s/{integrationId}`; `state` is appended by Auth0. */
export const SESSION_TOKEN_PARAMETER = 'session_token';
export const STATE_PARAMETER = 'state';

/** The lifetime that the Action requests from Auth0; it bounds only the first opening. */
export const SESSION_TOKEN_LIFETIME_SECONDS = 300;
/** The service's own limit on a token's age, by `iat`, whatever `exp` says. */
export const SESSION_TOKEN_MAX_AGE_SECONDS = 300;
/** How far in the future an `iat` may be: Auth0's clock and the service's differ slightly. */
export const CLOCK_SKEW_SECONDS = 30;
/** Longest session token that is parsed, in characters. */
export const SESSION_TOKEN_MAX_LENGTH = 4096;
/** Longest Auth0 `state` that is accepted, in characters. */
export const STATE_MAX_LENGTH = 2048;
