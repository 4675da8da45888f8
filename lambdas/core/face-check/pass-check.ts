import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration, LockoutPolicy } from '../model/integration.ts';
import { enrollmentNotice } from '../model/job.ts';
import { guessesLockedUntil } from '../model/lockout.ts';
import type { SessionResult } from '../model/login-end.ts';
import type { Session, Verdict } from '../model/session.ts';
import type { Reference, User } from '../model/user.ts';

const DAY_SECONDS = 86_400;

/** The outcome of a login that cannot succeed, given the user's row as it is now. */
export const rejectionReason = (
  user: User | null,
  lockout: LockoutPolicy,
  now: EpochSeconds,
): Pick<SessionResult, 'outcome' | 'lockedUntil'> => {
  if (user?.disabled != null) return { outcome: 'disabled', lockedUntil: null };
  // Others used up the remaining guesses while this one was under way.
  const until = guessesLockedUntil(user, lockout, now);
  return until === null ? { outcome: 'conflict', lockedUntil: null } : { outcome: 'locked', lockedUntil: until };
};

/**
 * The ending of a login whose face passed: enrolled with the stored face, or verified if there is none to store.
 * @param stored the sealed, stored picture of an enrollment
 */
export const successResult = (
  session: Session,
  integration: Integration,
  verdict: Verdict,
  stored: Reference | null,
  now: EpochSeconds,
): SessionResult => {
  const purgeAt = addSeconds(now, integration.consent.retentionDays * DAY_SECONDS);
  const { lockout } = integration;
  const common = { now, verdict, lockedUntil: null } as const;
  if (stored === null) {
    const { verificationEvents: notifiesWebhooks } = integration;
    return { ...common, outcome: 'verified', user: { change: 'verified', purgeAt, lockout, notifiesWebhooks } };
  }
  const notice = integration.noticesByEmail ? enrollmentNotice(session, now) : null;
  return { ...common, outcome: 'enrolled', user: { change: 'enrolled', reference: stored, purgeAt, lockout, notice } };
};
