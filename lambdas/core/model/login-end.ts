import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import type { LockoutPolicy } from './integration.ts';
import { type DueJob, type EnrollmentNoticeJob, sessionEndJob } from './job.ts';
import type { CountedFailure } from './lockout.ts';
import { loginEvent } from './login-event.ts';
import { type LoginRecord, loginRecord } from './login-record.ts';
import { countsOf, hourOf, type LoginCounts } from './login-statistics.ts';
import { type Attempt, type EndedSession, isEnded, type Session, type Verdict } from './session.ts';
import type { Reference } from './user.ts';

/** What the end of a login changes on the user's row. */
export type UserChange =
  | { readonly change: 'none' }
  /** The caller's claim led to no verdict: its guess no longer counts, if its series is still current. */
  | { readonly change: 'refund'; readonly attempt: Attempt }
  /** The guess failed. */
  | ({ readonly change: 'failed' } & CountedFailure)
  /** A face was verified against the expected version. Nobody is locked by failed guesses of others. */
  | {
      readonly change: 'verified';
      readonly purgeAt: EpochSeconds;
      readonly lockout: LockoutPolicy;
      /** Whether webhooks are notified of it. */
      readonly notifiesWebhooks: boolean;
    }
  /** A first reference; only if there is none and the version is the expected one. */
  | {
      readonly change: 'enrolled';
      readonly purgeAt: EpochSeconds;
      readonly lockout: LockoutPolicy;
      readonly reference: Reference;
      /** Due to the user, if an address is known and the integration has notices on. */
      readonly notice: EnrollmentNoticeJob | null;
    };

/** How a login ends. */
export interface SessionResult {
  readonly outcome: Outcome;
  readonly now: EpochSeconds;
  /** Of the attempt that ended it; null if none did. */
  readonly verdict: Verdict | null;
  readonly lockedUntil: EpochSeconds | null;
  readonly user: UserChange;
}

/** What an ended login adds to the statistics. */
export interface CountedLogin {
  readonly hour: EpochSeconds;
  readonly counts: LoginCounts;
}

/** Everything that the end of a login writes, in one transaction or not at all. */
export interface LoginEnd {
  /** As it is from now on. */
  readonly session: EndedSession;
  readonly user: UserChange;
  readonly record: LoginRecord;
  readonly counted: CountedLogin;
  /** The event for webhooks and the notice to the user. */
  readonly jobs: readonly DueJob[];
}

/** Everything that the opening of a login writes, in one transaction or not at all. */
export interface SessionOpening extends Pick<LoginEnd, 'jobs'> {
  readonly session: Session;
  /** Null for one that is not over. */
  readonly ended: Pick<LoginEnd, 'record' | 'counted'> | null;
}

/** The face that a success is based on; null for any other end. */
const provenBy = (session: Session, user: UserChange): string | null => {
  if (user.change === 'enrolled') return user.reference.referenceId;
  return user.change === 'verified' ? (session.reference?.referenceId ?? null) : null;
};

const recorded = (session: EndedSession): Pick<LoginEnd, 'record' | 'counted'> => ({
  record: loginRecord(session),
  counted: { hour: hourOf(session.finishedAt), counts: countsOf(session) },
});

/** Everything that follows from a result: the session, the record, the figures, the event and notice, and the user's row. */
export const loginEnd = (session: Session, { outcome, now, verdict, lockedUntil, user }: SessionResult): LoginEnd => {
  const ended: EndedSession = {
    ...session,
    state: 'finished',
    outcome,
    finishedAt: now,
    lockedUntil,
    verdicts: verdict === null ? session.verdicts : [...session.verdicts, verdict],
    provenReferenceId: provenBy(session, user),
    // The expected reference, and the one that waits for its code, hold a wrapped key. It must not outlive the login.
    reference: null,
    handoff: session.handoff === null ? null : { ...session.handoff, passed: null },
  };
  const notifiesVerification = user.change === 'verified' && user.notifiesWebhooks;
  const event = loginEvent(ended, { isJudged: verdict !== null, notifiesVerification });
  const notified = [user.change === 'enrolled' ? user.notice : null, event];
  const jobs = notified.flatMap((work) => (work === null ? [] : [{ work, dueAt: now }]));
  return { session: ended, user, jobs, ...recorded(ended) };
};

/** What is written with a new session: the job for the end of its time, or the record of one that ends at its opening. */
export const sessionOpening = (session: Session): SessionOpening =>
  isEnded(session)
    ? { session, ended: recorded(session), jobs: [] }
    : { session, ended: null, jobs: [sessionEndJob(session)] };
