import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { LockoutPolicy } from '../../../lambdas/core/model/integration.ts';
import { countedFailures, lockedUntil, nextGuess } from '../../../lambdas/core/model/lockout.ts';
import { type User, withinRetention } from '../../../lambdas/core/model/user.ts';

const T = 1_900_000_000;
const POLICY: LockoutPolicy = { enabled: true, maxFailedAttempts: 5, windowSeconds: 3600, lockSeconds: 1800 };
const user = (failures: number, lastAttemptAt: number | null = T) => ({
  failures,
  guesses: failures,
  series: null,
  starts: 0,
  startsSince: null,
  lastStartAt: null,
  lastAttemptAt: lastAttemptAt === null ? null : epochSeconds(lastAttemptAt),
  lastVerifiedAt: null,
});
const at = (seconds: number) => epochSeconds(T + seconds);

test('T54 the fifth failure locks, to the second, and the fourth does not', () => {
  expect(lockedUntil(user(4), POLICY, at(0))).toBeNull();
  expect(lockedUntil(user(5), POLICY, at(0))).toBe(T + 1800);
  expect(lockedUntil(user(6), POLICY, at(1799))).toBe(T + 1800);
  expect(lockedUntil(user(5), POLICY, at(1800))).toBeNull();
});

test('failures no longer count after their window; after a lock has ended the count starts again', () => {
  expect(countedFailures(user(4), POLICY, at(3599))).toBe(4);
  expect(countedFailures(user(4), POLICY, at(3600))).toBe(0);
  expect(countedFailures(user(5), POLICY, at(1799))).toBe(5);
  expect(countedFailures(user(5), POLICY, at(1800))).toBe(0);
  expect(countedFailures(null, POLICY, at(0))).toBe(0);
  expect(countedFailures(user(3, null), POLICY, at(0))).toBe(0);
});

test('a switched-off lockout never locks, and a lowered limit applies immediately', () => {
  expect(lockedUntil(user(100), { ...POLICY, enabled: false }, at(0))).toBeNull();
  expect(lockedUntil(user(3), { ...POLICY, maxFailedAttempts: 3 }, at(0))).toBe(T + 1800);
});

test('T55 a success after the last guess ends the series, even if the previous release left its guesses', () => {
  const left = { ...user(0), guesses: 5, series: 'a' };
  expect(lockedUntil({ ...left, lastVerifiedAt: at(1) }, POLICY, at(60))).toBeNull();
  expect(nextGuess({ ...left, lastVerifiedAt: at(1) }, POLICY, 'b', at(60))).toMatchObject({ series: 'b', guesses: 1 });
  // Within one second it is not known which came first.
  expect(lockedUntil({ ...left, lastVerifiedAt: at(0) }, POLICY, at(60))).toBe(T + 1800);
});

const policy = fc.record({
  enabled: fc.constant(true),
  maxFailedAttempts: fc.integer({ min: 1, max: 10 }),
  windowSeconds: fc.integer({ min: 60, max: 86_400 }),
  lockSeconds: fc.integer({ min: 30, max: 86_400 }),
});

test('T54 under any policy and timing of attempts, no period as long as a lock has more failures than the limit', () => {
  fc.assert(
    fc.property(policy, fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 60 }), (anyPolicy, pauses) => {
      let [now, failures, last] = [T, 0, null as number | null];
      const allowed: number[] = [];
      for (const pause of pauses) {
        now += pause;
        const current = user(failures, last);
        if (lockedUntil(current, anyPolicy, epochSeconds(now)) !== null) continue;
        failures = countedFailures(current, anyPolicy, epochSeconds(now)) + 1;
        last = now;
        allowed.push(now);
      }
      const span = Math.min(anyPolicy.lockSeconds, anyPolicy.windowSeconds);
      for (const from of allowed) {
        const within = allowed.filter((time) => time >= from && time < from + span).length;
        expect(within).toBeLessThanOrEqual(anyPolicy.maxFailedAttempts);
      }
    }),
    { numRuns: 2000 },
  );
});

test('T75 a reference is gone from the very second its retention ends, whatever the TTL does', () => {
  const row = {
    integrationId: 'int_aaaaaaaaaaaaaaaaaaaa',
    externalId: 'auth0|a',
    version: 3,
    reference: { referenceId: 'r', objectKey: 'o', wrappedKey: 'w', engine: 'e', enrolledAt: at(-10) },
    consent: { version: '1', textSha256: '', locale: 'en', at: at(-10) },
    failures: 2,
    guesses: 2,
    series: 's',
    starts: 2,
    startsSince: at(-10),
    lastStartAt: at(-10),
    lastAttemptAt: at(-10),
    lastVerifiedAt: at(-10),
    purgeAt: at(0),
    disabled: null,
    reenrollment: null,
    invitation: null,
  } satisfies User;
  expect(withinRetention(row, at(-1))).toEqual(row);
  expect(withinRetention(row, at(0))).toEqual({ ...row, reference: null, consent: null });
  expect(withinRetention(null, at(0))).toBeNull();
});
