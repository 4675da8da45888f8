import * as z from 'zod';
import { epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { type Edits, NO_EDITS } from '../../../core/model/edits.ts';

/** A schema that is made when the first row is read: a cold start does not pay for rows that its request never reads. */
export const lazy = <Schema extends z.ZodType>(make: () => Schema): (() => Schema) => {
  let made: Schema | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/**
 * Rows are checked on the way out too: a row that another version or hand wrote must not slip through as something else. Each kind
 * of row has its own file, so that a function loads those that it reads.
 */
export const Seconds = z.number().transform((value) => epochSeconds(value));
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** What a row keeps of its edits; one that was never edited since edits are counted has none. */
export const EditsMember = z
  .object({
    version: z.number(),
    fields: z.record(z.string(), z.object({ by: orNull(z.string()), at: Seconds })),
  })
  .default({ ...NO_EDITS, fields: {} });

/** Lets a write hold only while the row's edits are those that were read. */
export const editsAsSeen = ({ version }: Edits) => ({
  condition: `(edits.version = :seenEdits${version === 0 ? ' OR attribute_not_exists(edits)' : ''})`,
  values: { ':seenEdits': version },
});

export const Reference = z.object({
  referenceId: z.string(),
  objectKey: z.string(),
  wrappedKey: z.string(),
  engine: z.string(),
  enrolledAt: Seconds,
});
export const Consent = z.object({ version: z.string(), textSha256: z.string(), locale: z.string(), at: Seconds });
