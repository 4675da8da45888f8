import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from '../../../local/demo-camera/moving-person.ts';

const STEP_MS = 66;

test('the demo person moves with the clock if frames come in time, and never skips a part of the movement if they do not', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 }), (gaps) => {
      const pace = new Pace(STEP_MS);
      let nowMs = 1000;
      expect(pace.frame(nowMs, false)).toBeNull();
      let [before, expected] = [0, 0];
      for (const gap of gaps) {
        nowMs += gap;
        const sinceMs = pace.frame(nowMs, true) ?? Number.NaN;
        expect(sinceMs - before).toBeLessThanOrEqual(STEP_MS);
        expected += Math.min(gap, STEP_MS);
        before = sinceMs;
      }
      expect(before).toBe(expected);
    }),
  );
});
