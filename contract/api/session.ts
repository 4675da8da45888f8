import * as z from 'zod';
import { SUPPORT_ID_PATTERN } from '../protocol/support-id-pattern.ts';
import { HandoffTransport, HandoffView } from './handoff.ts';
import { PublicOutcome } from './outcome.ts';
import { unknownReadsAs } from './read-answer.ts';
import { Seconds } from './seconds.ts';
import { line } from './text.ts';

/** The two tasks of the capture page; only the server chooses. */
export const Task = z.enum(['enroll', 'verify']);
export type Task = z.infer<typeof Task>;

/** Advice for the next attempt, from Rekognition's feedback codes; never a score. */
export const Hint = z.enum([
  'face_not_visible',
  'face_covered',
  'low_video_quality',
  'face_not_aligned',
  'eyes_closed',
  'too_dark',
  'too_bright',
]);
/** Advice that the page has no text for. */
unknownReadsAs(Hint, undefined);
export type Hint = z.infer<typeof Hint>;

/** A language tag, e.g. `en` or `de-AT` (RFC 5646 section 2.1: subtags of up to eight letters and digits). */
const LanguageTag = z
  .string()
  .min(2)
  .max(35)
  .regex(/^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$/);

/** The challenge of a check; `FaceMovementAndLightChallenge` flashes colors. */
export const Challenge = z.enum(['FaceMovementAndLightChallenge', 'FaceMovementChallenge']);
/** The one that shows the warning. */
unknownReadsAs(Challenge, 'FaceMovementAndLightChallenge');

/** The consent that is required before the camera opens. */
export const ConsentRequest = z.strictObject({
  /** Version of the text that the user agreed to; must be the integration's current one. */
  version: line(64),
  /** The page's language at that moment. */
  locale: LanguageTag,
});

export const Branding = z.strictObject({
  /** Name of the organization that requires the check; plain text. */
  displayName: z.string().min(1).max(80),
  supportUrl: z.url({ protocol: /^https$/ }).nullable(),
  /** `#rrggbb`, or null for the page's default color. */
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
});

/** GET /api/session: everything that the capture page shows, and nothing else. */
export const SessionView = z.strictObject({
  supportId: z.string().regex(SUPPORT_ID_PATTERN),
  task: Task,
  /** `login`: the browser that signs in and gets the result. `device`: another one, which may only run the check. */
  role: z.enum(['login', 'device']),
  /** Whether this browser may run the check. False: it waits for the other device. */
  runsHere: z.boolean(),
  /** How the check may be handed off to another device; null: not at all. */
  handoffBy: HandoffTransport.nullable(),
  /** State of the handoff; null: there is none. */
  handoff: HandoffView.nullable(),
  /** `open`: attempts are possible. `finished`: `outcome` is set, and the page sends the browser to the return address. */
  state: z.enum(['open', 'finished']),
  outcome: PublicOutcome.nullable(),
  /** When a lock ends; only with outcome `locked`. */
  lockedUntil: Seconds.nullable(),
  /** False once the result was handed over and cannot be handed over again. */
  returnable: z.boolean(),
  branding: Branding,
  /** Name of the application that the user signs in to, or null. */
  app: z.string().max(128).nullable(),
  /** Masked hint of the account, e.g. `a•••@example.com`, or null. */
  account: z.string().max(160).nullable(),
  /** This page was opened from a different network than the login was started from: show a warning. */
  otherNetwork: z.boolean(),
  /** Null if a valid consent is on record. */
  consent: z.strictObject({ version: z.string(), text: z.string(), retentionDays: z.int().min(1) }).nullable(),
  /** Which challenge is run; `FaceMovementAndLightChallenge` flashes colors: show the photosensitivity warning. */
  challenge: Challenge,
  attemptsLeft: z.int().min(0).max(10),
  /** When the login ends, epoch seconds. */
  expiresAt: Seconds,
  /** The server's clock, epoch seconds, so that the page need not trust the device's. */
  now: Seconds,
  /** Path to which the page sends the browser when finished. */
  returnPath: z.string(),
});
export type SessionView = z.infer<typeof SessionView>;

/** POST /api/session/end */
export const EndSessionRequest = z.strictObject({
  /** `declined`: another method or cancel. `reported`: "Not me". `unavailable`: no camera or unsupported browser. */
  reason: z.enum(['declined', 'reported', 'unavailable']),
});
export type EndSessionRequest = z.infer<typeof EndSessionRequest>;

/** POST /api/session/release: the camera part ended before a face was judged; the attempt does not count against the user. */
export const ReleaseAttemptRequest = z.strictObject({ attempt: z.int().min(1).max(10) });
export type ReleaseAttemptRequest = z.infer<typeof ReleaseAttemptRequest>;
