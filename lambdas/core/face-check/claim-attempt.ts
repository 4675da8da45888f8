import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration } from '../model/integration.ts';
import { CLAIM_SECONDS, nextGuess } from '../model/lockout.ts';
import type { SessionResult } from '../model/login-end.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import type { Attempt, Session, StartedAttempt } from '../model/session.ts';
import type { Claim, Sessions } from '../model/sessions.ts';
import type { User } from '../model/user.ts';
import { rejectionReason } from './pass-check.ts';

export interface ClaimAttemptPorts {
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** An attempt that this caller alone judges. */
export type ClaimedAttempt = StartedAttempt & { readonly claimedUntil: EpochSeconds };

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly attempt: ClaimedAttempt }
  /** Another caller judges it, or as many guesses of the user as allowed are being judged. */
  | { readonly kind: 'taken' }
  /** Nothing may be judged; this is how the login ends. */
  | ({ readonly kind: 'blocked' } & Pick<SessionResult, 'outcome' | 'lockedUntil'>);

/** Parallel guesses of one user collide on the user's row. After this many collisions the caller has to wait. */
const MAX_COLLISIONS = 12;

/** True if a caller judges the attempt at `now`. */
export const isClaimed = (attempt: Pick<Attempt, 'claimedUntil'>, now: EpochSeconds): boolean =>
  attempt.claimedUntil !== null && now < attempt.claimedUntil;

/** When a claimed attempt was claimed. */
export const claimedAt = ({ claimedUntil }: ClaimedAttempt): EpochSeconds => addSeconds(claimedUntil, -CLAIM_SECONDS);

const blockReason = (
  user: User | null,
  session: Session,
  { lockout }: Integration,
  now: EpochSeconds,
): ClaimResult | null => {
  if (user !== null && user.disabled === null && user.version === session.userVersion) return null;
  // The counts of a row that has been replaced since mean nothing here.
  const { disabled = null } = user ?? {};
  return { kind: 'blocked', ...rejectionReason(disabled === null ? null : user, lockout, now) };
};

/**
 * Claims a started attempt before anything paid runs, and counts it as a guess of the user in the same transaction. So only one of any
 * parallel calls judges, and of parallel attempts no more are judged than the lock allows. A claim ends by itself: an attempt whose
 * judge died is claimed again, and not counted twice.
 * @throws Problem `unavailable`
 */
export const claimAttempt = async (
  ports: ClaimAttemptPorts,
  session: Session,
  integration: Integration,
  attempt: StartedAttempt,
): Promise<ClaimResult> => {
  const now = ports.clock();
  const claimedUntil = addSeconds(now, CLAIM_SECONDS);
  if (isClaimed(attempt, now)) return { kind: 'taken' };
  let seen: User | null = null;
  for (let collision = 0; collision < MAX_COLLISIONS; collision += 1) {
    let { series } = attempt;
    let guess: Claim['guess'] = null;
    if (series === null) {
      const counted = nextGuess(seen, integration.lockout, `${session.jti}#${attempt.number}`, now);
      if (counted === 'busy') return { kind: 'taken' };
      if ('lockedUntil' in counted) return { kind: 'blocked', outcome: 'locked', lockedUntil: counted.lockedUntil };
      series = counted.series;
      guess = { counted, seen };
    }
    const claimed = { ...attempt, series, claimedUntil };
    const result = await ports.sessions.claimAttempt(session, { attempt: claimed, now, guess });
    if (result === 'claimed') return { kind: 'claimed', attempt: claimed };
    if (result === 'session-changed') return { kind: 'taken' };
    seen = result.user;
    const blocked = blockReason(seen, session, integration, now);
    if (blocked !== null) return blocked;
  }
  throw new Problem('unavailable', 'too many parallel guesses of one user');
};
