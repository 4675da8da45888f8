import * as z from 'zod';
import { Hint } from '../../../../contract/api/session.ts';
import { OUTCOMES } from '../../../../contract/protocol/outcomes.ts';
import type { Attempt, Handoff, Session } from '../../../core/model/session.ts';
import { Consent, lazy, orNull, Reference, Seconds } from '../table/item-members.ts';
import { toItem } from '../table/to-item.ts';

/**
 * The release before counted an attempt as a guess when it was started, in no series. Such an attempt is not counted again, and of
 * no series that stands: it can pass, and a failure is no verdict.
 */
const COUNTED_AT_START = 'counted-at-start';
const NOT_COUNTED = '';

const AttemptItem = z.object({
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
const Verdict = z.object({
  attempt: z.number(),
  outcome: z.enum(OUTCOMES),
  at: Seconds,
  livenessBand: orNull(z.number()),
  similarityBand: orNull(z.number()),
});

/** A check that another device passed, until its code is entered. */
const PassedCheck = z.object({
  attempt: z.number(),
  codeHash: z.string(),
  codeEndsAt: Seconds,
  triesLeft: z.number(),
  verdict: Verdict,
  reference: orNull(Reference),
});
const HandoffItem = z.object({
  step: z.number(),
  offers: z.number(),
  transport: z.enum(['email', 'qr']),
  linkHash: z.string(),
  linkEndsAt: Seconds,
  openedBy: orNull(z.enum(['login', 'device'])),
  cookieHash: orNull(z.string()),
  otherNetwork: z.boolean(),
  passed: orNull(PassedCheck),
});

const sessionItem = lazy(() =>
  z.object({
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
    reference: orNull(Reference),
    consentNeeded: z.boolean(),
    consent: orNull(Consent),
    otherNetwork: z.boolean(),
    callerIp: z.string().default(''),
    handoffBy: orNull(z.enum(['email', 'qr'])),
    handoff: orNull(HandoffItem),
    maxAttempts: z.number(),
    attempt: orNull(AttemptItem),
    verdicts: z.array(Verdict),
    openedAt: Seconds,
    expiresAt: Seconds,
    outcome: orNull(z.enum(OUTCOMES)),
    finishedAt: orNull(Seconds),
    lockedUntil: orNull(Seconds),
    provenReferenceId: orNull(z.string()),
    resultJti: z.string(),
    handedOverAt: orNull(Seconds),
  }),
);

/** @throws ZodError if the row is not a session */
export const parseSession = (row: unknown): Session => sessionItem().parse(row);

/** An attempt as it is stored; `ordinal` is for the release before, which wants one. */
export const attemptRow = (attempt: Attempt): Record<string, unknown> => ({
  ...toItem(attempt),
  series: attempt.series ?? NOT_COUNTED,
  ordinal: 0,
});

/** A handoff as it is stored. */
export const handoffRow = (handoff: Handoff): Record<string, unknown> => {
  const { passed } = handoff;
  return toItem({
    ...handoff,
    passed: passed === null ? null : toItem({ ...passed, verdict: toItem(passed.verdict) }),
  });
};
