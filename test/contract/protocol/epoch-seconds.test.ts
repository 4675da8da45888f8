import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSeconds, epochSeconds, fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';

test('whole seconds from 2001 to 2286 are accepted unchanged', () => {
  fc.assert(fc.property(fc.integer({ min: 1e9, max: 9_999_999_999 }), (seconds) => epochSeconds(seconds) === seconds));
  expect(epochSeconds(1e9)).toBe(1e9);
  expect(epochSeconds(9_999_999_999)).toBe(9_999_999_999);
});

test('T5 milliseconds, fractions and non-numbers are refused, since a wrong unit would pass every expiry check', () => {
  const now = 1_900_000_000;
  const wrong = [999_999_999, 1e10, now * 1000, now + 0.5, Number.NaN, Number.POSITIVE_INFINITY, -now, 0];
  for (const value of wrong) expect(() => epochSeconds(value)).toThrow(RangeError);
  for (const value of ['1900000000', null, undefined, [now]]) {
    expect(() => epochSeconds(value as unknown as number)).toThrow(RangeError);
  }
});

test('adding works in both directions and stays in range', () => {
  const now = epochSeconds(1_900_000_000);
  expect(addSeconds(now, 90)).toBe(1_900_000_090);
  expect(addSeconds(now, -90)).toBe(1_899_999_910);
  expect(() => addSeconds(now, 9e9)).toThrow(RangeError);
  expect(() => addSeconds(now, 0.1)).toThrow(RangeError);
});

test('milliseconds are truncated, not rounded: no second counts before it has begun', () => {
  expect(fromMilliseconds(1_900_000_000_999)).toBe(1_900_000_000);
  expect(fromMilliseconds(1_900_000_001_000)).toBe(1_900_000_001);
});
