import fc from 'fast-check';
import type { InputSchema } from './route-inputs.ts';

/** What is sent in place of one value, byte by byte. */
export interface Hostile {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Whether it is wrong whatever the schema says, so that only 400 is acceptable. */
  readonly isNever: boolean;
}

const hostile = (kind: string, bytes: Buffer | string, isNever = false): Hostile => ({
  kind,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
  isNever,
});

/** Bytes that are not UTF-8: Latin-1, an overlong form, a truncated character, half of a surrogate pair (RFC 3629 section 3). */
const NOT_UTF_8: Readonly<Record<string, Buffer>> = {
  'Latin-1': Buffer.from('auth0|M\xfcller', 'latin1'),
  overlong: Buffer.from('61c08062', 'hex'),
  'cut off': Buffer.from('61e282', 'hex'),
  'half a pair': Buffer.from('61eda08062', 'hex'),
};

const NUMBERS = [
  ...['-1', '0', '-0', '1.5', '1e3', '1e308', '1e400', '9007199254740993', '4294967296', '-9223372036854775809'],
  // Times: before and after everything that ten digits can express, and in other units.
  ...['999999999', '1000000000', '1000000001', '9999999999', '10000000000', '253402300800', '1900000000000'],
];

const TEXTS = [
  '',
  ' ',
  'a\u0000b',
  '\u001b[31m',
  'a\r\nSet-Cookie: a=b',
  'a\u0085b',
  '__proto__',
  '../../x',
  '%00',
  "' OR 1=1",
  '#',
  '2026-13-45',
  'M\u00fcller',
  'Mu\u0308ller',
  '\u202eabc',
  '\uffff',
];

const lengthsFor = ({ minLength = 1, maxLength = 64 }: InputSchema): readonly string[] => [
  'x'.repeat(Math.max(0, minLength - 1)),
  'x'.repeat(maxLength),
  '\u5b57'.repeat(maxLength),
  '\u{1f600}'.repeat(Math.floor(maxLength / 2)),
  'x'.repeat(maxLength + 1),
  'x'.repeat(1100),
  'x'.repeat(3000),
];

const quoted = (inside: Buffer): Buffer => Buffer.concat([Buffer.from('"'), inside, Buffer.from('"')]);
const deep = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** Hostile values as JSON, for one member. */
export const hostileJson = (schema: InputSchema): readonly Hostile[] => [
  ...['null', 'true', '[]', '{}', '[[]]', '{"a":1}', '"1"'].map((text) => hostile('another type', text)),
  ...NUMBERS.map((text) => hostile('a number', text)),
  ...[...TEXTS, ...lengthsFor(schema)].map((text) => hostile('a text', JSON.stringify(text))),
  ...['"\\ud800"', '"a\\udfffb"', '"\\udc00\\ud800"'].map((text) => hostile('half a surrogate pair', text, true)),
  ...Object.entries(NOT_UTF_8).map(([kind, bytes]) => hostile(`not UTF-8: ${kind}`, quoted(bytes), true)),
  hostile('deep nesting', deep('[', ']', 1500)),
  hostile('deep nesting', deep('{"a":', '}', 1200)),
  hostile('a prototype', '{"__proto__":{"isAdmin":true}}', true),
  hostile('no JSON', '01', true),
  hostile('no JSON', "'x'", true),
];

/** Any JSON, and any text with every possible code unit. */
export const anyJson: fc.Arbitrary<Hostile> = fc
  .oneof(
    fc.json({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 300 }).map((text) => JSON.stringify(text)),
  )
  .map((text) => hostile('anything', text));

const percent = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Hostile values as written in a query or a form, after the equals sign. */
export const hostileParameter = (name: string, schema: InputSchema): readonly Hostile[] => [
  ...[...TEXTS, ...lengthsFor(schema), ...NUMBERS, '0999999999', '0x10', '+5', ' 5', '5 ', '٥', 'NaN'].map((text) =>
    hostile('a text', encodeURIComponent(text)),
  ),
  ...Object.entries(NOT_UTF_8).map(([kind, bytes]) => hostile(`not UTF-8: ${kind}`, percent(bytes), true)),
  hostile('no percent-encoding', '%', true),
  hostile('no percent-encoding', '%zz', true),
  hostile('bytes that are not encoded', Buffer.from('M\xfcller', 'latin1'), true),
  hostile('twice', `a&${name}=b`, true),
  hostile('with an unknown one', 'a&unknown=b', true),
  hostile('with a prototype', 'a&__proto__=b', true),
];

/** Any text that can be encoded. */
export const anyParameter: fc.Arbitrary<Hostile> = fc
  .string({ unit: 'grapheme', maxLength: 300 })
  .map((text) => hostile('anything', encodeURIComponent(text)));

/** Hostile parts of a path, as they arrive after decoding. */
export const HOSTILE_PATH_PARTS: readonly string[] = [
  ...TEXTS.filter((text) => text !== ''),
  '\ufffd',
  'int_',
  `int_${'a'.repeat(20)}`,
  `int_${'A'.repeat(20)}`,
  'x'.repeat(1100),
  '\u5b57'.repeat(3000),
];
