import type { EpochSeconds } from './epoch-seconds.ts';
import type { Outcome } from './outcomes.ts';

/**
 * The result token: service to Action, HS256 with the result key, POST body of `https://{iss}/continue?state=…`.
 * Carries no score. `iss` and `sub` echo the session token because Auth0's `validateToken` requires both.
 */
export interface ResultTokenPayload {
  readonly v: 1;
  readonly use: typeof RESULT_TOKEN_USE;
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** Auth0's state, byte for byte. */
  readonly state: string;
  readonly iat: EpochSeconds;
  readonly exp: EpochSeconds;
  readonly jti: string;
  readonly tx: string;
  /** The session token's `jti`. */
  readonly ref: string;
  readonly cid: string;
  readonly res: Outcome;
  readonly event: 'enrolled' | 'verified' | null;
  /** When the face was verified; null unless `res` is a success. */
  readonly vat: EpochSeconds | null;
  /** When a lock ends; only with `res` = `locked`. */
  readonly until?: EpochSeconds;
}

export const RESULT_TOKEN_USE = 'result';
export const RESULT_TOKEN_PARAMETER = 'result_token';
export const RESULT_TOKEN_LIFETIME_SECONDS = 90;
/** Maximum age of a verification (`vat`) when the Action accepts it. */
export const VERIFICATION_MAX_AGE_SECONDS = 120;

/** The `aud` of a result token. */
export const resultAudience = (integrationId: string): string => `verified:${integrationId}:result`;
