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
  /** The person's row as last seen; null stands for no row, or one in which nothing is counted. */
  readonly seen: User | null;
  /** The person's starts, this one included. */
  readonly starts: StartCount;
}

/** Who may judge an attempt until when, and the guess that it is counted as. */
export interface Claim {
  /** With `claimedUntil` and `series` as they are to be. */
  readonly attempt: Attempt;
  readonly now: EpochSeconds;
  /** Null where it was counted before: its first judge died. */
  readonly guess: { readonly counted: Guess; readonly seen: User | null } | null;
}

/** What an attempt used nothing of: its guess, since it was not judged; its start, since no liveness session was made for it. */
export type Unused = 'nothing' | 'guess' | { readonly startsSince: EpochSeconds };

/** The liveness session that was made for a reserved attempt. */
export interface StartedStream {
  readonly livenessId: string;
  readonly now: EpochSeconds;
  /** Which count of starts it was counted in. */
  readonly startsSince: EpochSeconds;
  readonly look: DueJob<LivenessStartJob> | null;
}

export interface Sessions {
  /** Strongly consistent. Null if there is none. */
  read(integrationId: string, jti: string): Promise<Session | null>;
  /**
   * Writes a new session with what goes with it, all or nothing. Returns null if this call made the row, else the row that stands
   * there.
   */
  open(opening: SessionOpening): Promise<Session | null>;
  /**
   * Counts an attempt on the session and its start on the person in one transaction, or changes nothing.
   * @returns `reserved`, or what stood in the way: the session moved, or the person's row as it is now
   */
  reserve(
    session: Session,
    reservation: Reservation,
  ): Promise<'reserved' | 'session-changed' | { readonly user: User | null }>;
  /**
   * Notes the liveness session of a reserved attempt, with the look that its start is owed. False if the session moved meanwhile: the
   * start then is given back, since nobody was told of the liveness session.
   */
  startAttempt(session: Session, attempt: Attempt, started: StartedStream): Promise<boolean>;
  /**
   * Claims a started attempt for one caller, and counts it as a guess, in one transaction before anything is compared.
   * @returns `claimed`, or what stood in the way: the attempt moved or is claimed, or the person's row as it is now
   */
  claimAttempt(session: Session, claim: Claim): Promise<'claimed' | 'session-changed' | { readonly user: User | null }>;
  /**
   * Lets go of the caller's own claim, so that the attempt can be claimed anew.
   * @param isGivenBack it was certainly not judged, and the claim still stands: it counts no more as a guess, also where the session moved
   */
  dropClaim(session: Session, attempt: Attempt, isGivenBack: boolean): Promise<void>;
  /**
   * Ends the caller's own reserved or claimed attempt without a verdict, and gives back what it certainly did not use, where the count that
   * it was taken from still stands: also where the session moved.
   * @returns false if it ended, was superseded or was claimed by somebody else meanwhile
   */
  releaseAttempt(session: Session, attempt: Attempt, unused: Unused): Promise<boolean>;
  /**
   * Ends the current attempt because a person says so. Gives nothing back: whoever judges it at this moment does.
   * @returns false if it was judged or superseded meanwhile
   */
  abandonAttempt(session: Session): Promise<boolean>;
  /**
   * Writes the verdict of an attempt that does not end the session, and counts the failure.
   * @returns `judged`; `session-changed` if it ended or its attempt changed; `user-changed` if the failure cannot be counted so
   */
  judgeAttempt(
    session: Session,
    attempt: Attempt,
    verdict: Verdict,
    failure: CountedFailure,
  ): Promise<'judged' | 'session-changed' | 'user-changed'>;
  /**
   * Ends the session for exactly one caller, and writes what goes with its end, all or nothing. A guess to be given back
   * (`refund`) is, also where the session moved under its judge.
   * @returns `finished`; `session-changed` if it ended or its attempt changed; `user-changed` if the person's row did
   */
  finish(session: Session, end: LoginEnd): Promise<'finished' | 'session-changed' | 'user-changed'>;
  /**
   * Puts `handoff` in the place of the one that was seen, with `attempt` in the place of the current one where given.
   * @returns false if the handoff, or the attempt, changed meanwhile, or the session ended
   */
  changeHandoff(session: Session, handoff: Handoff, attempt?: Attempt): Promise<boolean>;
  /**
   * Marks the result as handed over; that of a success only while its face is the person's and nobody shut the person out.
   * @returns when that first happened (now, or before); null if there is no outcome; or the person's row that forbids it
   */
  handOver(session: Session, now: EpochSeconds): Promise<EpochSeconds | null | { readonly user: User | null }>;
}
