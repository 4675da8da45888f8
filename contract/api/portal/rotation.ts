import * as z from 'zod';

const Seconds = z.int().describe('epoch seconds');

/** One generation of a secret that counts now; the secret itself is nowhere. */
export const LiveSecret = z.strictObject({
  /** Counts from 1. */
  generation: z.int().min(1),
  /** When it was made; null: not on record. */
  since: Seconds.nullable().default(null),
  /** Null: the current one. */
  endsAt: Seconds.nullable(),
  /** When it was last used, to within five minutes; null: no use is on record. */
  lastUsedAt: Seconds.nullable().default(null),
});
export type LiveSecret = z.infer<typeof LiveSecret>;

/**
 * Asks for a new secret. At most two count at a time, and none ends before its overlap is over unless `ends` names it: as long as two
 * count, a rotation without it is refused with `secret-in-overlap`. The same request sent again, because its answer was lost, is
 * refused with `already-rotated` and ends nothing.
 */
export const Rotation = z.strictObject({
  /** The newest generation that whoever asks has seen: the one to be replaced. */
  generation: z.int().min(1),
  /** How long the current secret goes on to count; 0: it ends now. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400),
  /** Generations that end now, each with its last use as it was seen: one that has been used since is not ended. */
  ends: z
    .array(LiveSecret.pick({ generation: true, lastUsedAt: true }))
    .max(2)
    .default([]),
});
export type Rotation = z.infer<typeof Rotation>;
