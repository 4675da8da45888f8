import * as z from 'zod';
import { Hint } from '../../../../contract/api/session.ts';
import { OUTCOMES } from '../../../../contract/protocol/outcomes.ts';
import type { Attempt, Handoff, PassedCheck, Session, Verdict } from '../../../core/model/session.ts';
import { defineItem, objectOf, present } from '../table/define-item.ts';
import { ConsentMember, orNull, ReferenceMember, Seconds } from '../table/item-members.ts';

/**
 * The previous release counted an attempt as a guess when it was started, in no series. Such an attempt is not counted again, and
 * belongs to no current series: it can pass, and a failure is not a verdict.
 */
const COUNTED_AT_START = 'counted-at-start';
const NOT_COUNTED = '';

const AttemptMember = objectOf<Attempt>()({
  number: z.number(),
  status: z.enum(['reserved', 'started', 'judged', 'released']),
  livenessId: orNull(z.string()),
  series: z
    .string()
    .default(COUNTED_AT_START)
    .transform((series) => (series === NOT_COUNTED ? null : series)),
  claimedUntil: orNull(Seconds),
  by: z.enum(['login', 'device']).default('login'),
  deviceHash: orNull(z.string()),
  outcome: orNull(z.enum(OUTCOMES)),
  hints: z.array(Hint),
});
const VerdictMember = objectOf<Verdict>()({
  attempt: z.number(),
  outcome: z.enum(OUTCOMES),
  at: Seconds,
  livenessBand: orNull(z.number()),
  similarityBand: orNull(z.number()),
});

/** A check that another device passed, until its code is entered. */
const PassedCheckMember = objectOf<PassedCheck>()({
  attempt: z.number(),
  codeHash: z.string(),
  codeEndsAt: Seconds,
  triesLeft: z.number(),
  verdict: VerdictMember,
  reference: orNull(ReferenceMember),
});
const HandoffMember = objectOf<Handoff>()({
  step: z.number(),
  offers: z.number(),
  transport: z.enum(['email', 'qr']),
  linkHash: z.string(),
  linkEndsAt: Seconds,
  openedBy: orNull(z.enum(['login', 'device'])),
  cookieHash: orNull(z.string()),
  otherNetwork: z.boolean(),
  passed: orNull(PassedCheckMember),
});

/** An attempt as it is stored; `ordinal` is for the previous release, which requires it. */
const attemptRow = (attempt: Attempt) => ({ ...present(attempt), series: attempt.series ?? NOT_COUNTED, ordinal: 0 });

/** A handoff as it is stored. */
const handoffRow = (handoff: Handoff) => {
  const { passed } = handoff;
  return present({
    ...handoff,
    passed: passed === null ? null : present({ ...passed, verdict: present(passed.verdict) }),
  });
};

const sessionItem = defineItem<Session>(
  () =>
    objectOf<Session>()({
      integrationId: z.string(),
      jti: z.string(),
      supportId: z.string(),
      state: z.enum(['open', 'finished']),
      tx: z.string(),
      externalId: z.string(),
      iss: z.string(),
      authState: z.string(),
      cid: z.string(),
      mode: z.enum(['always', 'on-demand']),
      purpose: z.enum(['mfa', 'enroll']),
      app: orNull(z.string()),
      account: orNull(z.string()),
      sealedPii: orNull(z.string()),
      keyGeneration: z.number(),
      cookieHash: z.string(),
      task: z.enum(['enroll', 'verify']),
      challenge: z.enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge']),
      isInvited: z.boolean().default(false),
      userVersion: z.number(),
      reference: orNull(ReferenceMember),
      consentNeeded: z.boolean(),
      consent: orNull(ConsentMember),
      otherNetwork: z.boolean(),
      callerIp: z.string().default(''),
      handoffBy: orNull(z.enum(['email', 'qr'])),
      handoff: orNull(HandoffMember),
      maxAttempts: z.number(),
      attempt: orNull(AttemptMember),
      verdicts: z.array(VerdictMember),
      openedAt: Seconds,
      expiresAt: Seconds,
      outcome: orNull(z.enum(OUTCOMES)),
      finishedAt: orNull(Seconds),
      lockedUntil: orNull(Seconds),
      provenReferenceId: orNull(z.string()),
      resultJti: z.string(),
      handedOverAt: orNull(Seconds),
    }),
  {
    attempt: (attempt) => (attempt === null ? null : attemptRow(attempt)),
    handoff: (handoff) => (handoff === null ? null : handoffRow(handoff)),
    verdicts: (verdicts) => verdicts.map(present),
  },
);

/** Rows stay readable for an hour after their end, so that a late return gets a clear answer. Then the TTL removes them. */
const KEPT_AFTER_END_SECONDS = 3600;

/** The key of a session. */
export const sessionKey = (session: Pick<Session, 'integrationId' | 'jti'>) => ({
  sessionKey: `session#${session.integrationId}#${session.jti}`,
});

/** @throws ZodError if the row is not a session */
export const parseSession = sessionItem.read;

/** A new session's row. */
export const sessionRow = (session: Session) => ({
  ...sessionItem.write(session),
  ...sessionKey(session),
  removeAt: session.expiresAt + KEPT_AFTER_END_SECONDS,
});

/** Members as an update sets them. Those that are null are not stored yet, and stay absent. */
export const sessionMembers = (members: Partial<Session>) => present(sessionItem.set(members));

/**
 * True if the session has changed since the judge claimed `attempt`, so that nobody else gives its guess back: its attempt is a
 * different one, or still has this same claim. A claim that was taken over, or dropped, is not the caller's to settle.
 */
export const isOursToGiveBack = (row: Readonly<Record<string, unknown>> | null, attempt: Attempt): boolean => {
  const current = row === null ? null : parseSession(row).attempt;
  if (current === null) return false;
  if (current.number !== attempt.number) return true;
  return current.status !== 'judged' && current.claimedUntil === attempt.claimedUntil;
};
