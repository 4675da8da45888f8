import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { enrolmentNotice } from './due-work.ts';
import type { Integration } from './integration.ts';
import type { Ending } from './ports.ts';
import type { Attempt, Session, Verdict } from './session.ts';
import { lockedUntil, type Reference, type User } from './user.ts';

const DAY_SECONDS = 86_400;

/** Why a login cannot go on against a person's row that is not what it began with. */
export const outcomeOfMoved = (user: User | null): Outcome => (user?.disabled != null ? 'disabled' : 'conflict');

/** What came between start and completion and holds at completion too, as the outcome; null if nothing did. */
export const barredNow = (
  user: User,
  integration: Integration,
  attempt: Pick<Attempt, 'ordinal'>,
  now: EpochSeconds,
): Pick<Ending, 'outcome' | 'lockedUntil'> | null => {
  if (user.disabled !== null) return { outcome: 'disabled', lockedUntil: null };
  // Others used up the remaining guesses while this one was under way.
  const until = lockedUntil(user, integration.lockout, now);
  return until !== null && user.failures > attempt.ordinal ? { outcome: 'locked', lockedUntil: until } : null;
};

/**
 * The ending of a login whose face passed: enrolled with the stored face, or verified where there is none to store.
 * @param stored the sealed, stored picture of an enrolment
 */
export const passedEnding = (
  session: Session,
  integration: Integration,
  verdict: Verdict,
  stored: Reference | null,
  now: EpochSeconds,
): Ending => {
  const purgeAt = addSeconds(now, integration.consent.retentionDays * DAY_SECONDS);
  const common = { now, verdict, lockedUntil: null } as const;
  if (stored === null) {
    const { verificationEvents: isTold } = integration;
    return { ...common, outcome: 'verified', user: { change: 'verified', purgeAt, isTold } };
  }
  const notice = integration.noticesByEmail ? enrolmentNotice(session, now) : null;
  return { ...common, outcome: 'enrolled', user: { change: 'enrolled', reference: stored, purgeAt, notice } };
};
