import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { ROUTES } from '../../contract/api/routes.ts';
import { openApiDocument } from '../../contract/tools/open-api.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(openApiDocument())));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

test('it contains every route of the table, and no other', () => {
  const { paths = {} } = openApiDocument();
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test('docs/openapi.json matches the schemas: "npx tsx docs/tools/write-open-api.ts" writes it', async () => {
  const written = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

/** Every part of the document, with its JSON pointer. */
const partsOf = (part: unknown, at = '#'): readonly (readonly [string, Readonly<Record<string, unknown>>])[] => {
  if (Array.isArray(part)) return part.flatMap((each, index) => partsOf(each, `${at}/${index}`));
  if (typeof part !== 'object' || part === null) return [];
  const inside = Object.entries(part).flatMap(([name, each]) => partsOf(each, `${at}/${name}`));
  return [[at, part as Readonly<Record<string, unknown>>], ...inside];
};
const PARTS = partsOf(JSON.parse(JSON.stringify(openApiDocument())));

test('every body and every answer is a component, so that client generators give it a name', () => {
  const contents = PARTS.filter(([at]) => /\/content\/[a-z+/-]+\/schema$/.test(at));
  expect(contents.length).toBeGreaterThan(150);
  expect(contents.filter(([, schema]) => typeof schema['$ref'] !== 'string')).toEqual([]);
});

test('no object is open: each declares its members, or the type of all of them', () => {
  const isOpen = ({ type, properties, oneOf, additionalProperties }: Readonly<Record<string, unknown>>): boolean =>
    type === 'object' &&
    properties === undefined &&
    oneOf === undefined &&
    Object.keys((additionalProperties as object | undefined) ?? {}).length === 0;
  expect(PARTS.filter(([, part]) => isOpen(part))).toEqual([]);
});

test('parameters of the path come first, so that no generated client changes their order', () => {
  const orders = PARTS.flatMap(([, { parameters }]) =>
    Array.isArray(parameters) ? [parameters.map(({ in: place }: { in: string }) => place)] : [],
  );
  expect(orders.length).toBeGreaterThan(20);
  const isFirst = (order: readonly string[]) =>
    order.lastIndexOf('path') < order.filter((each) => each === 'path').length;
  expect(orders.filter((order) => !isFirst(order))).toEqual([]);
});

/** A literal character: no construct in ECMA-262 (with and without `u`), RE2 and Python's `re`. */
const LITERAL = String.raw`[^\\^$.|?*+()[\]{}]`;
/** Characters by code, and those that a backslash makes literal everywhere. */
const ESCAPE = String.raw`\\(?:x[0-9a-f]{2}|[\\^$.|?*+()[\]{}/])`;
/** No nested class, no RE2 or Unicode class, no `v` operator; a literal hyphen may be escaped. */
const CLASS = String.raw`\[\^?(?:[^\\[\]&~]|\\(?:x[0-9a-f]{2}|[\\^\-\]/]))+\]`;
const QUANTIFIER = String.raw`(?:[?*+]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})?`;
/** Groups are `(…)` or `(?:…)`: no look-around, no names, no flags. `\d`, `\w`, `\s` and `\b` mean more in Python. */
const TOKEN = new RegExp(`(?:${LITERAL}|${ESCAPE}|${CLASS}|\\))${QUANTIFIER}|\\((?:\\?:)?|[\\^$|]`, 'y');

/** The first part of a pattern that is none of these, or null. */
const strangeIn = (pattern: string): string | null => {
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < pattern.length) {
    if (!TOKEN.test(pattern) || TOKEN.lastIndex === at) return pattern.slice(at);
    at = TOKEN.lastIndex;
  }
  return null;
};

test('every pattern is in the subset of regular expressions that ECMA-262, RE2 and Python read alike', () => {
  const patterns = [...new Set(PARTS.flatMap(([, { pattern }]) => (typeof pattern === 'string' ? [pattern] : [])))];
  expect(patterns.length).toBeGreaterThan(8);
  expect(patterns.filter((pattern) => strangeIn(pattern) !== null)).toEqual([]);
});

test.each([
  String.raw`^[^\p{Cc}\p{Cs}]+$`,
  String.raw`^[^\u0000-\u001f]+$`,
  String.raw`^\d{6}$`,
  '^(?=.{4,253}$)[a-z]+$',
  '(?<!a)b',
  '(?<year>[0-9]{4})',
  '(?i)abc',
  String.raw`\bword\b`,
  '[[:alpha:]]',
  '[a-z&&[^b]]',
  'a{2000}',
  String.raw`(a)\1`,
  'a*+',
])('a pattern that not every language supports is found: %s', (pattern) => {
  expect(strangeIn(pattern)).not.toBeNull();
});
