import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { csvPart, jsonPart } from '../../../web/portal/components/export-parts.ts';

const rows = (...values: string[]) => values.map((externalId, index) => ({ externalId, attempts: index, app: null }));

test('parts of an export are one CSV: a header once, CRLF, quotes where needed (RFC 4180)', () => {
  const text =
    csvPart(rows('auth0|a', 'say "hi", twice'), true) + csvPart(rows('two\nlines'), false) + csvPart([], false);
  expect(text).toBe('externalId,attempts,app\r\nauth0|a,0,\r\n"say ""hi"", twice",1,\r\n"two\nlines",0,\r\n');
  expect(Papa.parse<object>(text, { header: true, skipEmptyLines: true }).data).toHaveLength(3);
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  ' =1+1',
  '＝1+1',
  '＠SUM(A1)',
  '\n=1',
  '=HYPERLINK("https://evil.example.com")',
])('T64 %j is not a formula in a spreadsheet', (externalId) => {
  const [row] = Papa.parse<{ externalId: string }>(csvPart(rows(externalId), true), { header: true }).data;
  expect(row?.externalId).toBe(`'${externalId}`);
});

test('parts of an export are one JSON array', () => {
  const text = `${jsonPart(rows('a', 'b'), true)}${jsonPart(rows('c'), false)}${jsonPart([], false)}\n]\n`;
  expect(JSON.parse(text)).toEqual([...rows('a', 'b'), ...rows('c')]);
});
