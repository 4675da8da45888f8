import * as z from 'zod';
import { epochSeconds, FIRST_SECOND, LAST_SECOND } from '../protocol/epoch-seconds.ts';
import { EXTERNAL_ID_MAX_LENGTH } from './external-id.ts';

/** A whole number in a query: digits, no sign, no space and no leading zero. */
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((digits) => /^(0|[1-9]\d{0,14})$/.test(digits), { error: 'is not a whole number' })
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** Epoch seconds, within the bounds of `epochSeconds`. */
const TimeParameter = wholeNumber(FIRST_SECOND, LAST_SECOND)
  .transform(epochSeconds)
  .meta({
    description: 'Epoch seconds',
    override: { type: 'integer', format: 'int64', minimum: FIRST_SECOND, maximum: LAST_SECOND },
  });

/** A time range, both ends included. */
export const SPAN = { from: TimeParameter.optional(), to: TimeParameter.optional() };

/** Maximum rows of one request; more for an export, which reads everything. */
export const PAGE_ROWS = 100;
export const EXPORT_ROWS = 1000;

/** The longest cursor: a time, `#` and an External ID, whose code units take at most three bytes each, in base64url. */
const CURSOR_MAX_LENGTH = Math.ceil(((11 + 3 * EXTERNAL_ID_MAX_LENGTH) * 4) / 3);
const DEFAULT_ROWS = 25;

/** @param most maximum rows of one request */
export const paging = (most: number) =>
  z.strictObject({
    cursor: z
      .string()
      .min(1)
      .max(CURSOR_MAX_LENGTH)
      .regex(/^[A-Za-z0-9_-]+$/)
      .optional()
      .meta({ description: 'From the previous page' }),
    limit: wholeNumber(1, most)
      .optional()
      .transform((rows) => rows ?? DEFAULT_ROWS)
      .meta({
        description: `Rows; ${DEFAULT_ROWS} by default`,
        override: { type: 'integer', minimum: 1, maximum: most },
      }),
  });
