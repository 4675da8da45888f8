import fc from 'fast-check';
import { expect, test } from 'vitest';
import { methodUrl } from '../../../contract/protocol/claims.ts';
import {
  COUNTS_AS_FAILURE,
  DENY_CODE_OF,
  DENY_CODES,
  isOutcome,
  isSuccess,
  OUTCOMES,
} from '../../../contract/protocol/outcomes.ts';
import { resultAudience } from '../../../contract/protocol/result-token.ts';
import { sessionAudience } from '../../../contract/protocol/session-token.ts';

test('T10 the list is closed: nothing else is an outcome', () => {
  for (const outcome of OUTCOMES) expect(isOutcome(outcome)).toBe(true);
  const others = fc.anything().filter((value) => !OUTCOMES.some((outcome) => outcome === value));
  fc.assert(fc.property(others, (value) => !isOutcome(value)));
  for (const value of ['constructor', '__proto__', 'Verified', 'verified ', ['verified'], Object('verified')]) {
    expect(isOutcome(value)).toBe(false);
  }
});

test('exactly two outcomes are a success, and every other one has a denial code', () => {
  expect(OUTCOMES.filter(isSuccess)).toEqual(['verified', 'enrolled']);
  const failures = OUTCOMES.filter((outcome) => !isSuccess(outcome));
  expect(Object.keys(DENY_CODE_OF).sort()).toEqual([...failures].sort());
  for (const code of Object.values(DENY_CODE_OF)) expect(DENY_CODES).toContain(code);
});

test('the two failures that a user cannot distinguish share a code, and only they count towards the lock', () => {
  expect(COUNTS_AS_FAILURE).toEqual(['no_match', 'not_live']);
  expect(new Set(COUNTS_AS_FAILURE.map((outcome) => DENY_CODE_OF[outcome as 'no_match']))).toEqual(
    new Set(['face_not_verified']),
  );
});

test('T4 the two directions have different audiences, and each integration has its own method', () => {
  const [one, other] = ['int_aaaaaaaaaaaaaaaaaaaa', 'int_bbbbbbbbbbbbbbbbbbbb'];
  const texts = [one, other].flatMap((id) => [sessionAudience(id), resultAudience(id), methodUrl(id)]);
  expect(new Set(texts).size).toBe(6);
  expect(new URL(methodUrl(one)).protocol).toBe('https:');
});
