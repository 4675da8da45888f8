import * as z from 'zod';

/**
 * Control characters travel into logs, mail subjects and terminals; half of a surrogate pair is no character, and no store keeps it
 * as it is. By code points, which every dialect of regular expressions reads (JSON Schema 2020-12 section 6.4 advises so).
 */
const NOT_PRINTABLE = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';
/** The same without tab, line feed and carriage return. */
const NOT_PRINTABLE_IN_PARAGRAPHS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ud800-\\udfff';

export const PRINTABLE = new RegExp(`^[^${NOT_PRINTABLE}]+$`, 'u');

/** One line of printable text. @param max in UTF-16 code units, each of which takes three bytes of UTF-8 at most */
export const line = (max: number, min = 1) => z.string().min(min).max(max).regex(PRINTABLE);

/** The same as somebody typed it: spaces around it do not count. */
export const typedLine = (max: number, min = 1) => z.string().trim().min(min).max(max).regex(PRINTABLE);

/** Printable text of several lines. @param max in UTF-16 code units */
export const paragraphs = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(new RegExp(`^[^${NOT_PRINTABLE_IN_PARAGRAPHS}]+$`, 'u'));

/** A language tag, e.g. `en` or `de-AT` (RFC 5646 section 2.1: subtags of up to eight letters and digits). */
export const LanguageTag = z
  .string()
  .min(2)
  .max(35)
  .regex(/^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$/);
