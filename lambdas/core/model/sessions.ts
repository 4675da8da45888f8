import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DueJob, LivenessStartJob } from './job.ts';
import type { CountedFailure, Guess } from './lockout.ts';
import type { LoginEnd, SessionOpening } from './login-end.ts';
import type { StartCount } from './paid-starts.ts';
import type { Attempt, Handoff, Session, Verdict } from './session.ts';
import type { Consent, User } from './user.ts';

/** One attempt of a session, and the start that it costs. */
export interface Reservation {
  readonly attempt: Attempt;
  readonly consent: Consent | null;
  readonly now: EpochSeconds;
  /** The user's row as last seen; null means no row, or one in which nothing is counted. */
  readonly seen: User | null;
  /** The user's starts, including this one. */
  readonly starts: StartCount;
}

/** A caller's right to judge an attempt until a time, and the guess that it is counted as. */
export interface Claim {
  /** With `claimedUntil` and `series` as they are to be. */
  readonly attempt: Attempt;
  readonly now: EpochSeconds;
  /** Null if it was counted before: its first judge died. */
  readonly guess: { readonly counted: Guess; readonly seen: User | null } | null;
}

/** What an attempt did not use: its guess, since it was not judged; its start, since no liveness session was created for it. */
export type Unused = 'nothing' | 'guess' | { readonly startsSince: EpochSeconds };

/** The liveness session that was created for a reserved attempt. */
export interface StartedStream {
  readonly livenessId: string;
  readonly now: EpochSeconds;
  /** The count of starts that it was counted in. */
  readonly startsSince: EpochSeconds;
  readonly startCheck: DueJob<LivenessStartJob> | null;
}

export interface Sessions {
  /** Strongly consistent. Null if there is none. */
  read(integrationId: string, jti: string): Promise<Session | null>;
  /**
   * Writes a new session with all that belongs to it, all or nothing. Returns null if this call created the row, else the existing row.
   */
  open(opening: SessionOpening): Promise<Session | null>;
  /**
   * Counts an attempt on the session and its start on the user in one transaction, or changes nothing.
   * @returns `reserved`, or what prevented it: the session changed, or the user's row as it is now
   */
  reserve(
    session: Session,
    reservation: Reservation,
  ): Promise<'reserved' | 'session-changed' | { readonly user: User | null }>;
  /**
   * Notes the liveness session of a reserved attempt, with the check that is due for its start. False if the session has changed since:
   * the start is then given back, since nobody has received the liveness session.
   */
  startAttempt(session: Session, attempt: Attempt, started: StartedStream): Promise<boolean>;
  /**
   * Claims a started attempt for one caller, and counts it as a guess, in one transaction before anything is compared.
   * @returns `claimed`, or what prevented it: the attempt changed or is claimed, or the user's row as it is now
   */
  claimAttempt(session: Session, claim: Claim): Promise<'claimed' | 'session-changed' | { readonly user: User | null }>;
  /**
   * Drops the caller's own claim, so that the attempt can be claimed again.
   * @param isGivenBack it was certainly not judged, and the claim is still held: it no longer counts as a guess, even if the session
   *   has changed
   */
  dropClaim(session: Session, attempt: Attempt, isGivenBack: boolean): Promise<void>;
  /**
   * Ends the caller's own reserved or claimed attempt without a verdict, and gives back what it certainly did not use, if the count
   * that it was taken from is still current: even if the session has changed.
   * @returns false if it ended, was superseded or was claimed by another caller in the meantime
   */
  releaseAttempt(session: Session, attempt: Attempt, unused: Unused): Promise<boolean>;
  /**
   * Ends the current attempt because the user says so. Gives nothing back: whoever judges it at this moment does.
   * @returns false if it was judged or superseded in the meantime
   */
  abandonAttempt(session: Session): Promise<boolean>;
  /**
   * Writes the verdict of an attempt that does not end the session, and counts the failure.
   * @returns `judged`; `session-changed` if it ended or its attempt changed; `user-changed` if the failure cannot be counted that way
   */
  judgeAttempt(
    session: Session,
    attempt: Attempt,
    verdict: Verdict,
    failure: CountedFailure,
  ): Promise<'judged' | 'session-changed' | 'user-changed'>;
  /**
   * Ends the session for exactly one caller, and writes all that belongs to its end, all or nothing. A guess to be given back
   * (`refund`) is given back even if the session changed while it was being judged.
   * @returns `finished`; `session-changed` if it ended or its attempt changed; `user-changed` if the user's row did
   */
  finish(session: Session, end: LoginEnd): Promise<'finished' | 'session-changed' | 'user-changed'>;
  /**
   * Replaces the handoff that was seen by `handoff`, null to remove it, and the current attempt by `attempt` if given.
   * @returns false if the handoff or the attempt has changed since, or the session ended
   */
  changeHandoff(session: Session, handoff: Handoff | null, attempt?: Attempt): Promise<boolean>;
  /**
   * Marks the result as handed over; that of a success only while its face is the user's and the user is not disabled.
   * @returns when that first happened (now, or before); null if there is no outcome; or the user's row that forbids it
   */
  handOver(session: Session, now: EpochSeconds): Promise<EpochSeconds | null | { readonly user: User | null }>;
}
