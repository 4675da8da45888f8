import * as z from 'zod';
import { PROBLEM_CODES } from './problems.ts';
import { unknownReadsAs } from './read-answer.ts';

const Code = z.enum(PROBLEM_CODES);
/** The support id remains, which the reader can pass on. */
unknownReadsAs(Code, 'internal-error');

/** Body of every answer with status 400 or above, `application/problem+json`. */
export const ProblemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: Code,
  /** Shown on the page and searchable by the operator. */
  supportId: z.string(),
  /** Which members of a request are invalid, as JSON pointers, and why; never their values. */
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
  /** With `changed-meanwhile` on saving a form: fields that another operator has changed since it was loaded. Nothing was written. */
  conflicts: z
    .array(
      z.strictObject({
        /** JSON pointer into the request. */
        pointer: z.string(),
        /** The value sent. */
        yours: z.unknown(),
        /** The stored value. */
        theirs: z.unknown(),
        /** E-mail or id of whoever stored it; null if not on record. */
        by: z.string().nullable(),
        at: z.int().nullable().describe('epoch seconds'),
      }),
    )
    .optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;
