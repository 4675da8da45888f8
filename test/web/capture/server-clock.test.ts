import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServerClock } from '../../../web/capture/server-clock.ts';

const SERVER_MS = Date.parse('2026-11-28T10:00:00Z');
const HEADER = 'Sat, 28 Nov 2026 10:00:00 GMT';

const clockWith = (deviceMs: number) => {
  let monotonicMs = 5000;
  const clock = new ServerClock(
    () => monotonicMs,
    () => deviceMs + monotonicMs - 5000,
  );
  return {
    clock,
    pass: (ms: number): void => {
      monotonicMs += ms;
    },
  };
};

describe('the server’s time', () => {
  test('advances without the device’s clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 86_400_000 }), (wrong, passedMs) => {
        const { clock, pass } = clockWith(SERVER_MS + wrong);
        clock.learn(HEADER);
        pass(passedMs);
        expect(clock.nowSeconds()).toBe(Math.floor((SERVER_MS + passedMs) / 1000));
      }),
    );
  });

  test.each([3_600_000, -3_600_000, 86_400_000])('shows that the device is %i ms off', (wrong) => {
    const { clock, pass } = clockWith(SERVER_MS + wrong);
    clock.learn(HEADER);
    pass(60_000);
    expect(clock.deviceOffsetMs()).toBe(-wrong);
  });

  test('ignores a difference that a slow answer explains', () => {
    const { clock } = clockWith(SERVER_MS + 20_000);
    clock.learn(HEADER);
    expect(clock.deviceOffsetMs()).toBe(0);
  });

  test('is unknown before the first answer, and after one without a date', () => {
    const { clock } = clockWith(0);
    for (const date of [null, '', 'yesterday']) clock.learn(date);
    expect(clock.nowSeconds()).toBeNull();
    expect(clock.deviceOffsetMs()).toBe(0);
  });
});
