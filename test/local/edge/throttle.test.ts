import { expect, test } from 'vitest';
import { Throttle } from '../../../local/edge/throttle.ts';

const LIMITS = { others: { perSecond: 2, burst: 3 }, byRoute: { 'GET /own': { perSecond: 10, burst: 1 } } };

const at = () => {
  let nowMs = 0;
  const throttle = new Throttle(LIMITS, () => nowMs);
  const admitted = (routeKey: string, count: number): number =>
    Array.from({ length: count }, () => throttle.admits(routeKey)).filter(Boolean).length;
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return { admitted, advance };
};

test('a burst is admitted, then as many as the rate adds, up to another burst', () => {
  const { admitted, advance } = at();
  expect(admitted('GET /a', 5)).toBe(3);
  advance(499);
  expect(admitted('GET /a', 1)).toBe(0);
  advance(1);
  expect(admitted('GET /a', 2)).toBe(1);
  advance(60_000);
  expect(admitted('GET /a', 5)).toBe(3);
});

test('routes without a limit of their own share one, a route with one has its own', () => {
  const { admitted } = at();
  expect(admitted('GET /a', 2)).toBe(2);
  expect(admitted('POST /b', 2)).toBe(1);
  expect(admitted('GET /own', 2)).toBe(1);
  // A name of every object is no limit.
  expect(admitted('constructor', 1)).toBe(0);
});
