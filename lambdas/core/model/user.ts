import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';

/** A stored reference face. Without `wrappedKey` its bytes cannot be read: deleting the row destroys the face. */
export interface Reference {
  readonly referenceId: string;
  /** Random name in the face bucket. */
  readonly objectKey: string;
  /** Data key, encrypted by KMS with integration, user, reference and engine as context; base64. */
  readonly wrappedKey: string;
  /** The engine that the reference was created for; with another one, the user has to enroll again. */
  readonly engine: string;
  readonly enrolledAt: EpochSeconds;
}

export interface Consent {
  readonly version: string;
  /** SHA-256 of the text that was shown, hex. */
  readonly textSha256: string;
  readonly locale: string;
  readonly at: EpochSeconds;
}

/** An operator disabled the user. */
export interface Disablement {
  readonly at: EpochSeconds;
  /** In the operator's words; users do not see it. */
  readonly reason: string;
}

/**
 * An operator removed the reference, so that the next login enrolls again. Whoever has the password could then enroll, so this
 * permission is for one enrollment and ends.
 */
export interface Reenrollment {
  readonly askedAt: EpochSeconds;
  /** From this second on, a login alone does not let the user enroll. */
  readonly until: EpochSeconds;
}

/** An operator or a backend lets a user enroll, once and for a limited time. It is not a link: only the user's own login can use it. */
export interface EnrollmentInvitation {
  readonly at: EpochSeconds;
  /** From this second on, it has no effect; a revoked one ended when it was revoked. */
  readonly endsAt: EpochSeconds;
  /** E-mail or id of the operator, or `key:{keyId}`. */
  readonly by: string;
}

/** One user of one integration; the External ID is Auth0's `user_id`. */
export interface User {
  readonly integrationId: string;
  readonly externalId: string;
  /** Counts every change of the reference or state; a login finishes only against the version it began with. */
  readonly version: number;
  readonly reference: Reference | null;
  readonly consent: Consent | null;
  /** Guesses of the series that were judged and did not pass. */
  readonly failures: number;
  /** Guesses of the series that were judged, or may have been; counted before a face is compared. */
  readonly guesses: number;
  /** Names the series that `failures` and `guesses` count (lockout.ts); null if none is under way. */
  readonly series: string | null;
  /** When the last guess was counted. */
  readonly lastAttemptAt: EpochSeconds | null;
  /** Liveness sessions without a success since `startsSince` (paid-starts.ts). */
  readonly starts: number;
  readonly startsSince: EpochSeconds | null;
  /** When the last of them was counted. */
  readonly lastStartAt: EpochSeconds | null;
  readonly lastVerifiedAt: EpochSeconds | null;
  /** When the reference has been unused for too long to be kept; null if there is none. */
  readonly purgeAt: EpochSeconds | null;
  readonly disabled: Disablement | null;
  /** Null if none was required, or it was done. */
  readonly reenrollment: Reenrollment | null;
  /** Null if there was none, or the user enrolled with it. */
  readonly invitation: EnrollmentInvitation | null;
}

export interface Users {
  /** Strongly consistent. Null for a user never seen. */
  read(integrationId: string, externalId: string): Promise<User | null>;
}

/** How long an operator can still see that an invitation ended unused. */
export const INVITED_KEPT_SECONDS = 30 * 86_400;

/**
 * The user as the rules see it at `now`: a reference past its retention is gone, and so is an invitation that ended long ago, whether
 * or not housekeeping or the store's TTL has removed the row yet (DynamoDB may take days).
 */
export const withinRetention = (user: User | null, now: EpochSeconds): User | null => {
  if (user === null) return null;
  const { purgeAt, invitation } = user;
  const isOver = invitation !== null && now >= addSeconds(invitation.endsAt, INVITED_KEPT_SECONDS);
  const seen = isOver ? { ...user, invitation: null } : user;
  return purgeAt !== null && now >= purgeAt ? { ...seen, reference: null, consent: null } : seen;
};
