import * as z from 'zod';
import { Hint } from '../../../contract/api/session.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { OUTCOMES } from '../../../contract/protocol/outcomes.ts';
import type { Integration } from '../../core/integration.ts';
import type { Handoff, Session } from '../../core/session.ts';
import type { User } from '../../core/user.ts';

/** Rows are checked on the way out too: a row that another version or hand wrote must not slip through as something else. */
const Seconds = z.number().transform((value) => epochSeconds(value));
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

const Reference = z.object({
  referenceId: z.string(),
  objectKey: z.string(),
  wrappedKey: z.string(),
  engine: z.string(),
  enrolledAt: Seconds,
});
const Consent = z.object({ version: z.string(), textSha256: z.string(), locale: z.string(), at: Seconds });
const Attempt = z.object({
  number: z.number(),
  status: z.enum(['reserved', 'started', 'judged', 'released']),
  livenessId: orNull(z.string()),
  ordinal: z.number(),
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

const SessionItem = z.object({
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
  attempt: orNull(Attempt),
  verdicts: z.array(Verdict),
  openedAt: Seconds,
  expiresAt: Seconds,
  outcome: orNull(z.enum(OUTCOMES)),
  finishedAt: orNull(Seconds),
  lockedUntil: orNull(Seconds),
  resultJti: z.string(),
  handedOverAt: orNull(Seconds),
});

const UserItem = z.object({
  integrationId: z.string(),
  externalId: z.string(),
  version: z.number(),
  reference: orNull(Reference),
  consent: orNull(Consent),
  failures: z.number().default(0),
  lastAttemptAt: orNull(Seconds),
  lastVerifiedAt: orNull(Seconds),
  purgeAt: orNull(Seconds),
  disabled: orNull(z.object({ at: Seconds, reason: z.string() })),
  reenrolment: orNull(z.object({ askedAt: Seconds, until: Seconds })),
  invitation: orNull(z.object({ at: Seconds, endsAt: Seconds, by: z.string() })),
});

const IntegrationItem = z.object({
  integrationId: z.string(),
  accountId: z.string(),
  createdAt: Seconds,
  keys: z.array(
    z.object({ generation: z.number(), wrapped: z.string(), fingerprint: z.string(), endsAt: orNull(Seconds) }),
  ),
  name: z.string(),
  enabled: z.boolean(),
  allowSelfEnrollment: z.boolean(),
  selfEnrollmentRequires: z.enum(['nothing', 'verified-email', 'another-factor', 'invitation']),
  enrollmentFlow: z.enum(['inline', 'email']).default('inline'),
  verificationFlow: z.enum(['inline', 'email']).default('inline'),
  phoneHandoff: z.boolean().default(false),
  domains: z.array(z.string()),
  lockout: z.object({
    enabled: z.boolean(),
    maxFailedAttempts: z.number(),
    windowSeconds: z.number(),
    lockSeconds: z.number(),
  }),
  attemptsPerSession: z.number(),
  sessionTimeoutSeconds: z.number(),
  livenessThreshold: z.number().min(80).max(100),
  similarityThreshold: z.number().min(95).max(100),
  challenge: z.enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge']),
  consent: z.object({ version: z.string(), text: z.string(), retentionDays: z.number() }),
  branding: z.object({ displayName: z.string(), supportUrl: orNull(z.string()), accentColor: orNull(z.string()) }),
  noticesByEmail: z.boolean(),
  verificationEvents: z.boolean().default(false),
});

/** @throws ZodError if the row is not a session */
export const parseSession = (row: unknown): Session => SessionItem.parse(row);
/** @throws ZodError if the row is not a user */
export const parseUser = (row: unknown): User => UserItem.parse(row);
/** @throws ZodError if the row is not an integration, or its thresholds lie below the floors */
export const parseIntegration = (row: unknown): Integration => IntegrationItem.parse(row);

/** A row as it is stored: absent instead of null, so that conditions can ask `attribute_not_exists`. */
export const toRow = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));

/** A handoff as it is stored. */
export const handoffRow = (handoff: Handoff): Record<string, unknown> => {
  const { passed } = handoff;
  return toRow({ ...handoff, passed: passed === null ? null : toRow({ ...passed, verdict: toRow(passed.verdict) }) });
};
