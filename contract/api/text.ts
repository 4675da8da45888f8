import * as z from 'zod';

/** Longest text of a consent, in UTF-16 code units. */
export const CONSENT_TEXT_MAX_LENGTH = 4000;
/** Longest address that is kept, in UTF-16 code units. */
export const URL_MAX_LENGTH = 2048;

/**
 * Control characters travel into logs, mail subjects and terminals; half of a surrogate pair is no character, and no store keeps it
 * as it is. By code points, which every dialect of regular expressions reads (JSON Schema 2020-12 section 6.4 advises so).
 */
const characters = (controls: string): RegExp => new RegExp(`^[^${controls}\\u007f-\\u009f\\ud800-\\udfff]+$`, 'u');
const OF_A_LINE = characters('\\u0000-\\u001f');
/** Tab, line feed and carriage return too. */
const OF_PARAGRAPHS = characters('\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f');

const text = (start: z.ZodString, pattern: RegExp, max: number, min: number) => start.min(min).max(max).regex(pattern);

/** One line of printable text. @param max in UTF-16 code units, each of which takes three bytes of UTF-8 at most */
export const line = (max: number, min = 1) => text(z.string(), OF_A_LINE, max, min);

/** The same as somebody typed it: spaces around it do not count. */
export const typedLine = (max: number, min = 1) => text(z.string().trim(), OF_A_LINE, max, min);

/** Printable text of several lines. @param max in UTF-16 code units */
export const paragraphs = (max: number, min = 1) => text(z.string(), OF_PARAGRAPHS, max, min);
