import * as z from 'zod';
import { epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { type Edits, type FieldEdit, NO_EDITS } from '../../../core/model/edits.ts';
import type { Consent, Reference } from '../../../core/model/user.ts';
import { objectOf } from './define-item.ts';

/** Members that several kinds of rows have. Each kind has its own file, so that a function loads those that it reads. */
export const Seconds = z.number().transform((value) => epochSeconds(value));
/** Absent means null. */
export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

export const FieldEditMember = objectOf<FieldEdit>()({ by: orNull(z.string()), at: Seconds });

/** What a row stores about its edits; one that has not been edited since edits have been counted has none. */
export const EditsMember = objectOf<Edits>()({
  version: z.number(),
  fields: z.record(z.string(), FieldEditMember),
}).default({ ...NO_EDITS, fields: {} });

/** Lets a write succeed only while the row's edits are those that were read. */
export const editsAsSeen = ({ version }: Edits) => ({
  condition: `(edits.version = :seenEdits${version === 0 ? ' OR attribute_not_exists(edits)' : ''})`,
  values: { ':seenEdits': version },
});

export const ReferenceMember = objectOf<Reference>()({
  referenceId: z.string(),
  objectKey: z.string(),
  wrappedKey: z.string(),
  engine: z.string(),
  enrolledAt: Seconds,
});
export const ConsentMember = objectOf<Consent>()({
  version: z.string(),
  textSha256: z.string(),
  locale: z.string(),
  at: Seconds,
});
