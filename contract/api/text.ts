import * as z from 'zod';

/** Longest consent text, in UTF-16 code units. */
export const CONSENT_TEXT_MAX_LENGTH = 4000;
/** Longest stored URL, in UTF-16 code units. */
export const URL_MAX_LENGTH = 2048;

/**
 * Control characters would reach logs, mail subjects and terminals. The OpenAPI document contains these patterns verbatim, so they are
 * portable across dialects: `\xHH`, and no class whose meaning differs (JSON Schema 2020-12 section 6.4).
 */
const characters = (controls: string): RegExp => new RegExp(`^[^${controls}\\x7f-\\x9f]+$`);
const OF_A_LINE = characters('\\x00-\\x1f');
/** Tab, line feed and carriage return too. */
const OF_PARAGRAPHS = characters('\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f');

/** Half of a surrogate pair is no character, UTF-8 cannot encode it, no store keeps it unchanged, and few regex dialects can match it. */
const HALF_OF_A_PAIR = /[\ud800-\udfff]/u;

const text = (start: z.ZodString, pattern: RegExp, max: number, min: number) =>
  start
    .min(min)
    .max(max)
    .regex(pattern)
    .refine((value) => !HALF_OF_A_PAIR.test(value));

/** One line of printable text. @param max in UTF-16 code units, each of which takes at most three bytes of UTF-8 */
export const line = (max: number, min = 1) => text(z.string(), OF_A_LINE, max, min);

/** The same, typed: surrounding spaces are removed. */
export const typedLine = (max: number, min = 1) => text(z.string().trim(), OF_A_LINE, max, min);

/** Printable text of several lines. @param max in UTF-16 code units */
export const paragraphs = (max: number, min = 1) => text(z.string(), OF_PARAGRAPHS, max, min);
