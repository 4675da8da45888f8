import * as z from 'zod';
import { PublicOutcome } from './outcome.ts';
import { Challenge, ConsentRequest, Hint } from './session.ts';

/** POST /api/{enroll|verify}/liveness */
export const StartLivenessRequest = z.strictObject({ consent: ConsentRequest.optional() });
export type StartLivenessRequest = z.infer<typeof StartLivenessRequest>;

/** What the browser needs to run Rekognition Face Liveness once; the credentials allow only `StartFaceLivenessSession`. */
export const StartLivenessResponse = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('started'),
    attempt: z.int().min(1).max(10),
    attemptsLeft: z.int().min(0).max(10),
    livenessSessionId: z.string().min(1).max(128),
    region: z.string(),
    challenge: Challenge,
    credentials: z.strictObject({
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.string(),
      /** epoch seconds */
      expiresAt: z.int(),
    }),
  }),
  /** The session ended instead (locked, disabled, expired …); read it again. */
  z.strictObject({ state: z.literal('finished') }),
]);
export type StartLivenessResponse = z.infer<typeof StartLivenessResponse>;

/** POST /api/{enroll|verify}/complete. No image and no id: the server has both. */
export const CompleteRequest = z.strictObject({ attempt: z.int().min(1).max(10) });
export type CompleteRequest = z.infer<typeof CompleteRequest>;

export const CompleteResponse = z.discriminatedUnion('state', [
  z.strictObject({
    /** `again`: this attempt did not pass and another is left. `finished`: the login ends with `outcome`. */
    state: z.enum(['again', 'finished']),
    outcome: PublicOutcome,
    attemptsLeft: z.int().min(0).max(10),
    hints: z.array(Hint).max(7),
  }),
  /** Passed on another device: the user enters the code in the browser that signs in. */
  z.strictObject({
    state: z.literal('code'),
    code: z.string().regex(/^[0-9]{6}$/),
    /** epoch seconds */
    endsAt: z.int(),
    /** The server's clock, epoch seconds. */
    now: z.int(),
  }),
]);
export type CompleteResponse = z.infer<typeof CompleteResponse>;
