import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hint, Task } from '../../../contract/api/session.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import type { ChallengeMode, ChallengePurpose } from '../../../contract/protocol/session-token.ts';
import type { ChallengeType, Integration } from './integration.ts';
import type { Consent, Reference } from './user.ts';

/** `login`: the browser that signs in, which alone gets the result. `device`: another one, which may only run the check. */
export type Role = 'login' | 'device';

/**
 * One start of the camera. `reserved`: counted, nothing started. `started`: a liveness session exists. `judged`: there is a verdict.
 * `released`: ended without a verdict; it cannot be judged any more.
 */
export interface Attempt {
  readonly number: number;
  readonly status: 'reserved' | 'started' | 'judged' | 'released';
  readonly livenessId: string | null;
  /** The browser whose camera it is: only this browser may complete it. */
  readonly by: Role;
  /** SHA-256 of that device's cookie, hex; null for the browser that signs in, which has one cookie for the whole login. */
  readonly deviceHash: string | null;
  /** The series (lockout.ts) in which it was counted as a guess; null until it is claimed. */
  readonly series: string | null;
  /** Until when one caller alone may judge it, so that the paid comparison runs once; null if no caller does. */
  readonly claimedUntil: EpochSeconds | null;
  /** What `complete` answered for an attempt that did not end the session, so that a repetition gives the same answer. */
  readonly outcome: Outcome | null;
  readonly hints: readonly Hint[];
}

/** An attempt with a liveness session. */
export type StartedAttempt = Attempt & { readonly livenessId: string };

/** Scores for the audit, rounded down to bands of ten percent; they never leave the service. */
export interface Verdict {
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly at: EpochSeconds;
  readonly livenessBand: number | null;
  readonly similarityBand: number | null;
}

/**
 * A face check that was handed to another device. The device may run the check and nothing else; a passed check counts only once its
 * six digits are entered in the browser that signs in. So a link that an attacker forwards, or has sent by a login with a stolen
 * password, gives the attacker nothing (NIST SP 800-63B-4 section 3.1.3: a secret passes from one channel to the other; comparing and
 * approving is not enough).
 */
export interface Handoff {
  /** Counts every change, so that one of two concurrent changes wins. */
  readonly step: number;
  /** Links created so far. */
  readonly offers: number;
  readonly transport: 'email' | 'qr';
  /** SHA-256 of the link's secret, hex. */
  readonly linkHash: string;
  readonly linkEndsAt: EpochSeconds;
  /** Who opened the link; null: nobody yet. `login`: it was opened in the browser that signs in. */
  readonly openedBy: 'login' | 'device' | null;
  /** SHA-256 of the device's cookie, hex. */
  readonly cookieHash: string | null;
  readonly otherNetwork: boolean;
  readonly passed: PassedCheck | null;
}

/** A check that passed on the device and waits for its code. */
export interface PassedCheck {
  readonly attempt: number;
  readonly codeHash: string;
  readonly codeEndsAt: EpochSeconds;
  readonly triesLeft: number;
  readonly verdict: Verdict;
  /** The stored face of an enrollment; null for a verification. */
  readonly reference: Reference | null;
}

/** One login on its way through the capture page. */
export interface Session {
  readonly integrationId: string;
  readonly jti: string;
  readonly supportId: string;
  readonly state: 'open' | 'finished';
  readonly tx: string;
  readonly externalId: string;
  /** Auth0 domain of the login; the only place the result may go to. */
  readonly iss: string;
  /** Auth0's opaque state, byte for byte. */
  readonly authState: string;
  readonly cid: string;
  readonly mode: ChallengeMode;
  readonly purpose: ChallengePurpose;
  readonly app: string | null;
  /** Masked for the page. */
  readonly account: string | null;
  readonly sealedPii: string | null;
  readonly keyGeneration: number;
  /** SHA-256 of the cookie's secret, hex. */
  readonly cookieHash: string;
  readonly task: Task;
  readonly challenge: ChallengeType;
  /** The user's version when the session opened; 0 if no row existed. */
  readonly userVersion: number;
  /** An invitation lets it enroll, so self-enrollment may be off. */
  readonly isInvited: boolean;
  /** The reference that a verification is compared with, fixed at the opening; removed when the session ends. */
  readonly reference: Reference | null;
  readonly consentNeeded: boolean;
  readonly consent: Consent | null;
  readonly otherNetwork: boolean;
  /** Address of the browser that signs in, to compare another device's address with; removed with the session. */
  readonly callerIp: string;
  /** How the check may be handed off to another device. `email`: it must be, and runs only where the link is opened. */
  readonly handoffBy: 'email' | 'qr' | null;
  readonly handoff: Handoff | null;
  readonly maxAttempts: number;
  readonly attempt: Attempt | null;
  readonly verdicts: readonly Verdict[];
  readonly openedAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly outcome: Outcome | null;
  readonly finishedAt: EpochSeconds | null;
  readonly lockedUntil: EpochSeconds | null;
  /** The face that a success is based on: matched, or enrolled. It must still be the user's when the result is signed. */
  readonly provenReferenceId: string | null;
  /** `jti` of the result token, chosen at the opening so that a repeated answer is the same answer. */
  readonly resultJti: string;
  readonly handedOverAt: EpochSeconds | null;
}

/** A login that is over. */
export interface EndedSession extends Session {
  readonly state: 'finished';
  readonly outcome: Outcome;
  readonly finishedAt: EpochSeconds;
}

/** Whether it ended, so that its outcome and time are known to be set. */
export const isEnded = (session: Session): session is EndedSession =>
  session.state === 'finished' && session.outcome !== null && session.finishedAt !== null;

/** The handle by which page and cookie name a session. It is derived, so that the same token always finds its cookie. */
export const sessionHandle = (integrationId: string, jti: string): string =>
  createHash('sha256').update(`session#${integrationId}#${jti}`).digest('base64url').slice(0, 16);

/** What the session cookie holds: the session, and the secret (256 bits, base64url) that proves it. */
export interface SessionCredential {
  readonly integrationId: string;
  readonly jti: string;
  readonly secret: string;
}

/** The browser that asks: its role, and the cookie's secret that proves it. */
export interface Caller {
  readonly role: Role;
  readonly secret: string;
}

/** SHA-256 of a cookie secret, hex: the only form in which it is stored. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** True if `secret` is the session's; compared in constant time. */
export const ownsSession = (session: Session, secret: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(session.cookieHash, 'hex'));

/** What an attempt stores about the browser that starts it. */
export const startedBy = ({ role, secret }: Caller): Pick<Attempt, 'by' | 'deviceHash'> => ({
  by: role,
  deviceHash: role === 'device' ? hashSecret(secret) : null,
});

/**
 * True if this browser itself started the attempt. The role is not enough: whoever signs in can replace the link while a person is in
 * front of the camera, open the new one, and would be shown the code of a check that somebody else passed.
 */
export const hasStarted = (attempt: Attempt, caller: Caller): boolean => {
  const { by, deviceHash } = startedBy(caller);
  return attempt.by === by && attempt.deviceHash === deviceHash;
};

/** True if this browser may run the check: with a link by e-mail, only where the link was opened. */
export const canRunHere = (session: Session, role: Role): boolean =>
  role === 'device' || session.handoffBy !== 'email' || session.handoff?.openedBy === 'login';

/** How often a session may be started beyond its attempts if no face was judged: each start costs money. */
const SPARE_STARTS = 3;

/** How many attempts are left: a judged face uses one, and nothing that the user did not cause does. */
export const attemptsLeft = ({
  maxAttempts,
  verdicts,
  attempt,
}: Pick<Session, 'maxAttempts' | 'verdicts' | 'attempt'>): number =>
  Math.max(0, Math.min(maxAttempts - verdicts.length, maxAttempts + SPARE_STARTS - (attempt?.number ?? 0)));

/** The outcome at `now`: an open session past its time is `expired`, whatever the store's TTL does. */
export const currentOutcome = (session: Session, now: EpochSeconds): Outcome | null =>
  session.outcome ?? (now >= session.expiresAt ? 'expired' : null);

/** True if the session's current attempt has no verdict yet. */
export const hasUnjudgedAttempt = (session: Session): boolean =>
  session.attempt?.status === 'reserved' || session.attempt?.status === 'started';

/** What an operator switched off while the login was open, as the outcome that ends it; null if it may continue. */
export const refusalNow = (
  session: Pick<Session, 'task' | 'isInvited'>,
  integration: Pick<Integration, 'enabled' | 'allowSelfEnrollment'>,
): Outcome | null => {
  if (!integration.enabled) return 'disabled';
  const mayEnroll = integration.allowSelfEnrollment || session.isInvited;
  return session.task === 'enroll' && !mayEnroll ? 'not_enrolled' : null;
};
