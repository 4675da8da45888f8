import * as z from 'zod';
import { PROBLEM_CODES } from './problems.ts';
import { unknownReadsAs } from './read-answer.ts';

const Code = z.enum(PROBLEM_CODES);
/** The support id stays, which is what the person can do something with. */
unknownReadsAs(Code, 'internal-error');

/** Body of every answer with status 400 or above, `application/problem+json`. */
export const ProblemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: Code,
  /** Shown to the person and searchable by the operator. */
  supportId: z.string(),
  /** Which members of a request are wrong, as JSON pointers, and how; never what was sent. */
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
  /** Of `changed-meanwhile` where a form was saved: fields that somebody else changed since it was loaded. Nothing was written. */
  conflicts: z
    .array(
      z.strictObject({
        /** JSON pointer into the request. */
        pointer: z.string(),
        /** As it was sent. */
        yours: z.unknown(),
        /** As it stands. */
        theirs: z.unknown(),
        /** E-mail or id of who wrote what stands; null where it is not on record. */
        by: z.string().nullable(),
        at: z.int().nullable().describe('epoch seconds'),
      }),
    )
    .optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;
