import * as z from 'zod';
import { epochSeconds, FIRST_SECOND, LAST_SECOND } from '../protocol/epoch-seconds.ts';
import { EXTERNAL_ID_MAX_LENGTH } from './external-id.ts';

/** A whole number as a query writes it: digits, no sign, no space and no zero in front. */
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

/** From when to when, both included. */
export const SPAN = { from: TimeParameter.optional(), to: TimeParameter.optional() };

/** Rows of one request, at most; more for whoever reads everything, an export. */
export const PAGE_ROWS = 100;
export const EXPORT_ROWS = 1000;

/** The longest place in a list: a time, `#` and an External ID, whose code units take three bytes each at most; in base64url. */
const CURSOR_MAX_LENGTH = Math.ceil(((11 + 3 * EXTERNAL_ID_MAX_LENGTH) * 4) / 3);
const DEFAULT_ROWS = 25;

/** @param most rows that one request may ask for */
export const paging = (most: number) =>
  z.strictObject({
    cursor: z
      .string()
      .min(1)
      .max(CURSOR_MAX_LENGTH)
      .regex(/^[A-Za-z0-9_-]+$/)
      .optional()
      .meta({ description: 'From the page before' }),
    limit: wholeNumber(1, most)
      .optional()
      .transform((rows) => rows ?? DEFAULT_ROWS)
      .meta({
        description: `Rows; ${DEFAULT_ROWS} unless told`,
        override: { type: 'integer', minimum: 1, maximum: most },
      }),
  });
