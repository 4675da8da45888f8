import fc from 'fast-check';
import { expect, test } from 'vitest';
import { supportIdOf } from '../../../contract/protocol/support-id.ts';
import { SUPPORT_ID_PATTERN } from '../../../contract/protocol/support-id-pattern.ts';

test('every transaction has one support id, in a form that can be read out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (transaction) => {
      expect(supportIdOf(transaction)).toMatch(SUPPORT_ID_PATTERN);
      expect(supportIdOf(transaction)).toBe(supportIdOf(transaction));
    }),
  );
});

test('the id of a transaction never changes, since both sides compute it', () => {
  expect(supportIdOf('tx-1')).toBe('N3J1-28ST');
});

test('ids use all letters and collide in 20,000 logins of a day no more than by chance', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => supportIdOf(`transaction ${index}`));
  // 40 bits: 2e4 squared / 2 / 2^40 = 0.0002 expected collisions.
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.join('').replaceAll('-', '')).size).toBe(32);
});

test.each([
  '',
  '7KQF2M9D',
  '7kqf-2m9d',
  'IKQF-2M9D',
  'LKQF-2M9D',
  'OKQF-2M9D',
  'UKQF-2M9D',
  '7KQF-2M9D ',
  '7KQF-2M9D\n',
  'x7KQF-2M9D',
])('%j is not a support id', (text) => {
  expect(SUPPORT_ID_PATTERN.test(text)).toBe(false);
});
