import type { Hint } from '../../../contract/api/session.ts';
import type { SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { ChallengeType, Integration, KeyGeneration } from './integration.ts';
import type { DueJob, LivenessStartJob } from './job.ts';
import type { CountedFailure, Guess } from './lockout.ts';
import type { LoginEnd, SessionOpening } from './login-end.ts';
import type { StartCount } from './paid-starts.ts';
import type { Attempt, Handoff, Session, Verdict } from './session.ts';
import type { Consent, Reference, User } from './user.ts';

/** The service's clock; the only source of time. */
export type Clock = () => EpochSeconds;

/** Random values, 256 bits as base64url (43 characters). */
export type RandomToken = () => string;

/** Codes and support ids only: no token, name, address, image or score. */
export type Log = (code: string, fields: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface Integrations {
  /** Strongly consistent. Null for an unknown id. */
  read(integrationId: string): Promise<Integration | null>;
}

export interface KeyVault {
  /**
   * The keys of one generation.
   * @throws Error if KMS refuses: wrong context, altered ciphertext, no permission
   */
  open(integrationId: string, generation: KeyGeneration): Promise<SessionKeys>;
}

export interface Users {
  /** Strongly consistent. Null for a person never seen. */
  read(integrationId: string, externalId: string): Promise<User | null>;
}

/** Waits; transient, a fraction of a second at a time. */
export type Pause = (milliseconds: number) => Promise<void>;

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

export type LivenessStatus = 'CREATED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'EXPIRED';

export interface LivenessResult {
  readonly livenessId: string;
  readonly status: LivenessStatus;
  /** Percent, 0 to 100; null where Rekognition gave none. */
  readonly confidence: number | null;
  readonly challenge: string | null;
  /** JPEG of the face, null where Rekognition found none good enough. */
  readonly image: Uint8Array | null;
  readonly hints: readonly Hint[];
}

/** The biometric engine. Each method throws Problem `unavailable` if it cannot answer. */
export interface FaceEngine {
  /** Stored with each reference: a reference made for another engine is not compared. */
  readonly engine: string;
  /** @param idempotencyToken 1 to 64 characters `[A-Za-z0-9-_]`; the same token gives the same session */
  createLiveness(idempotencyToken: string, challenge: ChallengeType): Promise<string>;
  /** Null if Rekognition no longer knows the session. */
  readLiveness(livenessId: string): Promise<LivenessResult | null>;
  countFaces(image: Uint8Array): Promise<number>;
  /** Largest face of `reference` against every face of `probe`; similarity is 0 where nothing matched. */
  compare(
    reference: Uint8Array,
    probe: Uint8Array,
  ): Promise<{ readonly similarity: number; readonly facesInProbe: number }>;
}

export interface StreamCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: EpochSeconds;
}

export interface StreamCredentialIssuer {
  /** Region of the liveness stream. */
  readonly region: string;
  /** Credentials good for `rekognition:StartFaceLivenessSession` only, and only until `until`. */
  issue(sessionName: string, until: EpochSeconds): Promise<StreamCredentials>;
}

/** Reference faces at rest: sealed per person and version, under random names. */
export interface References {
  /** A random name in the face bucket. */
  newObjectKey(): string;
  /** Gets a fresh data key for one reference, so that storing later takes one call. */
  prepare(owner: ReferenceOwner, objectKey: string): Promise<PreparedReference>;
  /** @throws Problem `unavailable` if bytes, key or owner do not belong together, or cannot be read */
  load(owner: ReferenceOwner, reference: Reference): Promise<Uint8Array>;
  remove(reference: Pick<Reference, 'objectKey'>): Promise<void>;
  /** Whether bytes lie under the name, as of now. */
  isStored(reference: Pick<Reference, 'objectKey'>): Promise<boolean>;
}

export interface PreparedReference {
  readonly objectKey: string;
  /** Seals and stores the image under `objectKey`. */
  store(image: Uint8Array, now: EpochSeconds): Promise<Reference>;
}

export interface ReferenceOwner {
  readonly integrationId: string;
  readonly externalId: string;
  readonly engine: string;
}

export interface Notices {
  /** Tells the person that a face was enrolled on the account. */
  sendEnrolled(notice: {
    readonly to: string;
    readonly organisation: string;
    readonly at: EpochSeconds;
    readonly supportId: string;
    readonly supportUrl: string | null;
  }): Promise<void>;
}
