import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import {
  type Handoff,
  hashSecret,
  type PassedCheck,
  type Session,
  type SessionCredential,
  type Verdict,
} from './session.ts';
import type { Reference } from './user.ts';

/** A phone is next to the screen; an e-mail takes longer. Both are within NIST's ten minutes (SP 800-63B-4 section 4.1.2.2). */
const LINK_SECONDS = { qr: 120, email: 600 } as const;
const CODE_SECONDS = 120;
/** Chances of guessing a code: 3 in 1,000,000 for one passed check. */
const CODE_TRIES = 3;
/** Each link may cost an e-mail to the user. */
export const MAX_OFFERS = 3;

/** `{integrationId}.{jti}.{secret}`: the last part of a link. */
const LINK = /^(int_[a-z2-7]{20})\.([A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{43})$/;

/** The credential in a link's last part, or null if it has no such form. */
export const parseLink = (text: string): SessionCredential | null => {
  const [, integrationId = '', jti = '', secret = ''] = LINK.exec(text) ?? [];
  return secret === '' ? null : { integrationId, jti, secret };
};

/** A link's last part. */
export const linkOf = ({ integrationId, jti, secret }: SessionCredential): string =>
  `${integrationId}.${jti}.${secret}`;

export const newHandoff = (
  before: Handoff | null,
  transport: Handoff['transport'],
  secret: string,
  now: EpochSeconds,
): Handoff => ({
  step: (before?.step ?? 0) + 1,
  offers: (before?.offers ?? 0) + 1,
  transport,
  linkHash: hashSecret(secret),
  linkEndsAt: addSeconds(now, LINK_SECONDS[transport]),
  openedBy: null,
  cookieHash: null,
  otherNetwork: false,
  passed: null,
});

const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

/** True if `secret` opens the handoff's link at `now`: the newest link, in time, not yet opened. */
export const isLinkValid = (handoff: Handoff | null, secret: string, now: EpochSeconds): handoff is Handoff =>
  handoff !== null &&
  handoff.openedBy === null &&
  now < handoff.linkEndsAt &&
  isSame(handoff.linkHash, hashSecret(secret));

/** True if `secret` is the cookie of the device that opened the link. */
export const holdsHandoff = (handoff: Handoff | null, secret: string): handoff is Handoff =>
  handoff !== null && handoff.cookieHash !== null && isSame(handoff.cookieHash, hashSecret(secret));

/**
 * The six digits of one passed check. They are derived from the device's cookie, of which only a hash is stored. So a repeated
 * `complete` shows the same digits, and the stored rows do not disclose them.
 */
export const codeOf = (deviceSecret: string, session: Session, attempt: number): string => {
  const digest = createHmac('sha256', deviceSecret)
    .update(`handoff-code#${session.integrationId}#${session.jti}#${attempt}`)
    .digest();
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
};

const hashCode = (code: string, session: Session): string =>
  createHash('sha256').update(`${session.integrationId}#${session.jti}#${code}`).digest('hex');

/** What is stored of a check that passed on the device. */
export const passedCheck = (
  session: Session,
  code: string,
  verdict: Verdict,
  reference: Reference | null,
  now: EpochSeconds,
): PassedCheck => ({
  attempt: verdict.attempt,
  codeHash: hashCode(code, session),
  codeEndsAt: addSeconds(now, CODE_SECONDS),
  triesLeft: CODE_TRIES,
  verdict,
  reference,
});

/** True if `code` is the passed check's. */
export const isRightCode = (session: Session, passed: PassedCheck, code: string): boolean =>
  isSame(passed.codeHash, hashCode(code, session));

/** The passed check whose code can still be entered at `now`: of the current attempt, in time, with tries left. */
export const waitingCheck = (session: Session, now: EpochSeconds): PassedCheck | null => {
  const passed = session.handoff?.passed ?? null;
  if (passed === null || passed.attempt !== session.attempt?.number) return null;
  return now < passed.codeEndsAt && passed.triesLeft > 0 ? passed : null;
};
