import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { LockoutPolicy } from './integration.ts';
import { type CountedStarts, startsSpentUntil } from './paid-starts.ts';
import type { User } from './user.ts';

/**
 * What a user's row stores about guesses. They are counted in series: a series begins with the first guess and ends with a success, an
 * operator's unlock, or time. A guess is counted before a face is compared, by the same write that claims the attempt for one caller.
 * So neither opening a camera nor giving an attempt back changes this counter, and parallel guesses cannot exceed its limit.
 */
export type Counted = Pick<User, 'failures' | 'guesses' | 'series' | 'lastAttemptAt' | 'lastVerifiedAt'>;

/** Longer than a Lambda that judges may run (25 s): a claim that old belongs to a process that died. */
export const CLAIM_SECONDS = 30;

/** The counts that are current at `now`: those outside the window, or before a lock that has ended, no longer count. */
const currentCounts = (user: Counted | null, policy: LockoutPolicy, now: EpochSeconds) => {
  if (user === null || user.lastAttemptAt === null) return null;
  // A success ends a series. If the previous release wrote it, the guesses of the series are still in the row.
  if (user.lastVerifiedAt !== null && user.lastVerifiedAt > user.lastAttemptAt) return null;
  // The previous release counted failures alone.
  const guesses = Math.max(user.guesses, user.failures);
  const spent = guesses >= policy.maxFailedAttempts ? policy.lockSeconds : policy.windowSeconds;
  const { failures, series, lastAttemptAt } = user;
  return now - lastAttemptAt < spent && guesses > 0 ? { guesses, failures, series, lastAttemptAt } : null;
};

/** Guesses that were judged and failed, in the series that is current at `now`. */
export const countedFailures = (user: Counted | null, policy: LockoutPolicy, now: EpochSeconds): number =>
  currentCounts(user, policy, now)?.failures ?? 0;

/**
 * When the lock by failed guesses ends, or null if there is none at `now`. Guesses that are being judged do not lock: they may lead to
 * no verdict. A guess whose judge died may have been judged, and counts as failed.
 */
export const guessesLockedUntil = (
  user: Counted | null,
  policy: LockoutPolicy,
  now: EpochSeconds,
): EpochSeconds | null => {
  const counts = currentCounts(user, policy, now);
  if (!policy.enabled || counts === null || counts.guesses < policy.maxFailedAttempts) return null;
  const areJudging = counts.failures < policy.maxFailedAttempts && now - counts.lastAttemptAt < CLAIM_SECONDS;
  return areJudging ? null : addSeconds(counts.lastAttemptAt, policy.lockSeconds);
};

/** When this user may try again, or null if now. A user is locked by failed guesses, or by starts without a success. */
export const lockedUntil = (
  user: (Counted & CountedStarts) | null,
  policy: LockoutPolicy,
  now: EpochSeconds,
): EpochSeconds | null => guessesLockedUntil(user, policy, now) ?? startsSpentUntil(user, now);

/** One more guess, as it is to be written. */
export interface Guess {
  readonly series: string;
  /** Guesses and failures of the series, this guess included. */
  readonly guesses: number;
  readonly failures: number;
  /** How many guesses a series may have; null if nothing locks. */
  readonly limit: number | null;
}

/** A failed guess: counted if its series is still current and if it does not begin a lock. */
export interface CountedFailure {
  readonly series: string | null;
  /** A series whose last guess was counted before this time is over. */
  readonly since: EpochSeconds;
  /** The number of failures at which it would be the one that locks; null if this is known, or nothing locks. */
  readonly below: number | null;
}

/**
 * Counts one more guess on top of what was seen.
 * @param own names the series if this guess begins one; unique to the attempt
 * @returns the guess; `busy` if as many as allowed are being judged at this moment; or the end of the lock
 */
export const nextGuess = (
  user: Counted | null,
  policy: LockoutPolicy,
  own: string,
  now: EpochSeconds,
): Guess | 'busy' | { readonly lockedUntil: EpochSeconds } => {
  const until = guessesLockedUntil(user, policy, now);
  if (until !== null) return { lockedUntil: until };
  const counts = currentCounts(user, policy, now);
  const limit = policy.enabled ? policy.maxFailedAttempts : null;
  if (counts === null) return { series: own, guesses: 1, failures: 0, limit };
  if (limit !== null && counts.guesses >= limit) return 'busy';
  return { series: counts.series ?? own, guesses: counts.guesses + 1, failures: counts.failures, limit };
};

/** The end of the lock that one more failure begins, or null if it begins none. */
export const lockOfFailure = (failuresBefore: number, policy: LockoutPolicy, now: EpochSeconds): EpochSeconds | null =>
  policy.enabled && failuresBefore + 1 >= policy.maxFailedAttempts ? addSeconds(now, policy.lockSeconds) : null;
