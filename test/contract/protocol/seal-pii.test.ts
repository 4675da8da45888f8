import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPii, SEALED_PII_MAX_LENGTH, sealPii } from '../../../contract/protocol/seal-pii.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const jti = fc.base64String({ minLength: 16, maxLength: 64 });
const text = fc.string({ unit: 'grapheme', maxLength: 120 });
const pii = fc.record({ email: text, name: text }, { requiredKeys: [] });

test('what was sealed opens with the same key and the same token, and only so', () => {
  fc.assert(
    fc.property(pii, key, key, jti, jti, (person, right, wrong, token, other) => {
      fc.pre(right !== wrong && token !== other);
      const sealed = sealPii(person, right, token);
      expect(openPii(sealed, right, token)).toEqual(person);
      expect(() => openPii(sealed, wrong, token)).toThrow();
      expect(() => openPii(sealed, right, other)).toThrow();
    }),
  );
});

test('with a changed bit, truncated or extended it does not open', () => {
  fc.assert(
    fc.property(pii, key, jti, fc.nat(), fc.integer({ min: 0, max: 7 }), (person, right, token, at, bit) => {
      const bytes = Buffer.from(sealPii(person, right, token), 'base64url');
      const altered = Buffer.from(bytes);
      altered[at % bytes.length] = (altered[at % bytes.length] ?? 0) ^ (1 << bit);
      const hostile = [altered, bytes.subarray(0, at % bytes.length), Buffer.concat([bytes, Buffer.from([0])])];
      for (const value of hostile) expect(() => openPii(value.toString('base64url'), right, token)).toThrow();
    }),
  );
});

test('text that was never sealed does not open', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), key, jti, (value, right, token) => {
      expect(() => openPii(value, right, token)).toThrow();
    }),
  );
});

test('the same user looks different in every token, so that tokens cannot be linked', () => {
  const [right, token] = ['07'.repeat(32), 'token-1'];
  const sealed = new Set(Array.from({ length: 200 }, () => sealPii({ email: 'alice@example.com' }, right, token)));
  expect(sealed.size).toBe(200);
  expect([...sealed].join()).not.toContain(Buffer.from('alice').toString('base64url').slice(0, 6));
});

test('members of another type are omitted, whoever sealed them', () => {
  const [right, token] = ['07'.repeat(32), 'token-1'];
  const foreign = { email: 7, name: ['x'], admin: true } as unknown as { email: string };
  expect(openPii(sealPii(foreign, right, token), right, token)).toEqual({});
  expect(openPii(sealPii(null as unknown as object, right, token), right, token)).toEqual({});
});

test('an ordinary address and name stay within what the service accepts', () => {
  const person = { email: `${'a'.repeat(242)}@example.com`, name: '漢'.repeat(128) };
  expect(sealPii(person, '07'.repeat(32), 'token-1').length).toBeLessThanOrEqual(SEALED_PII_MAX_LENGTH);
});
