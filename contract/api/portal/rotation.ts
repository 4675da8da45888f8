import * as z from 'zod';

const Seconds = z.int().describe('epoch seconds');

/** One accepted generation of a secret, without the secret itself. */
export const LiveSecret = z.strictObject({
  /** Counts from 1. */
  generation: z.int().min(1),
  /** When it was created; null: not on record. */
  since: Seconds.nullable().default(null),
  /** Null: the current one. */
  endsAt: Seconds.nullable(),
  /** When it was last used, to within five minutes; null: no use is on record. */
  lastUsedAt: Seconds.nullable().default(null),
});
export type LiveSecret = z.infer<typeof LiveSecret>;

/**
 * Requests a new secret. At most two are accepted at a time, and none ends before its overlap is over unless `ends` names it: while two
 * are accepted, a rotation without it is refused with `secret-in-overlap`. The same request sent again, because its answer was lost, is
 * refused with `already-rotated` and ends nothing.
 */
export const Rotation = z.strictObject({
  /** The newest generation that the caller has seen: the one to replace. */
  generation: z.int().min(1),
  /** How long the current secret is still accepted; 0: it ends now. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400),
  /** Generations that end now, each with its last use as the caller saw it: one that has been used since does not end. */
  ends: z
    .array(LiveSecret.pick({ generation: true, lastUsedAt: true }))
    .max(2)
    .default([]),
});
export type Rotation = z.infer<typeof Rotation>;
