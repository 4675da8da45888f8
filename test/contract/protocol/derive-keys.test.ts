import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSessionKeys, isIntegrationId, isSessionSecret } from '../../../contract/protocol/derive-keys.ts';

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const integrationId = fc
  .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: 20, maxLength: 20 })
  .map((text) => `int_${text}`);

test('the keys of one secret and one integration never change: both sides may run different versions', () => {
  // HKDF-SHA256 by RFC 5869, computed once with OpenSSL 3 (`openssl kdf HKDF`), so that no change goes unnoticed.
  expect(deriveSessionKeys(Buffer.alloc(32, 7).toString('base64url'), 'int_aaaaaaaaaaaaaaaaaaaa')).toEqual({
    request: '99038bcbb00fc6c64ded03645034168bd9f6c7dd511c1a7c2f892a0b16ab1551',
    result: 'd61ab623ee3b392a812c80f95e01a32f145706b2f262f9b4b51ff9a25420d15a',
    pii: '18e3f96721da82d5f0018fe7720ef27d732e9807aba98f9fdce785212cfa0e26',
  });
});

test('T4 the three keys of a secret differ from each other, from the secret, and from those of any other pair', () => {
  fc.assert(
    fc.property(secret, secret, integrationId, integrationId, (one, other, here, there) => {
      fc.pre(one !== other && here !== there);
      const pairs: [string, string][] = [
        [one, here],
        [one, there],
        [other, here],
        [other, there],
      ];
      const keys = pairs.flatMap(([value, id]) => Object.values(deriveSessionKeys(value, id)));
      expect(new Set(keys).size).toBe(12);
      for (const key of keys) {
        expect(key).toMatch(/^[0-9a-f]{64}$/);
        expect(key).not.toBe(Buffer.from(one, 'base64url').toString('hex'));
      }
      expect(deriveSessionKeys(one, here)).toEqual(deriveSessionKeys(one, here));
    }),
    { numRuns: 200 },
  );
});

describe('T3 only what the portal creates is a Session Secret', () => {
  test('32 bytes in base64url are one', () => {
    fc.assert(fc.property(secret, (value) => isSessionSecret(value)));
  });

  test('any other length or alphabet is not', () => {
    const lengths = fc.uint8Array({ maxLength: 64 }).filter((bytes) => bytes.length !== 32);
    fc.assert(fc.property(lengths, (bytes) => !isSessionSecret(Buffer.from(bytes).toString('base64url'))));
    fc.assert(fc.property(fc.anything(), (value) => !isSessionSecret(value)));
    fc.assert(
      fc.property(secret, fc.nat(42), fc.constantFrom('+', '/', '=', ' ', '\n', 'é', '.'), (value, at, character) => {
        expect(isSessionSecret(value.slice(0, at) + character + value.slice(at + 1))).toBe(false);
      }),
    );
    for (const value of ['', `${'a'.repeat(43)}\n`, ` ${'a'.repeat(43)}`]) expect(isSessionSecret(value)).toBe(false);
  });

  test('deriving from anything else fails, and the message contains no part of it', () => {
    const good = Buffer.alloc(32, 7).toString('base64url');
    const bad = 'hunter2-hunter2-hunter2';
    expect(() => deriveSessionKeys(bad, 'int_aaaaaaaaaaaaaaaaaaaa')).toThrow(TypeError);
    expect(() => deriveSessionKeys(good, bad)).toThrow(TypeError);
    for (const run of [() => deriveSessionKeys(bad, 'int_aaaaaaaaaaaaaaaaaaaa'), () => deriveSessionKeys(good, bad)]) {
      expect(run).not.toThrow(bad);
    }
  });
});

test('an Integration Id has one form', () => {
  fc.assert(fc.property(integrationId, (id) => isIntegrationId(id)));
  fc.assert(fc.property(fc.anything(), (id) => !isIntegrationId(id)));
  for (const id of [
    'int_aaaaaaaaaaaaaaaaaaa',
    'int_aaaaaaaaaaaaaaaaaaaaa',
    'int_AAAAAAAAAAAAAAAAAAAA',
    'int_aaaaaaaaaaaaaaaaaaa1',
    'int_aaaaaaaaaaaaaaaaaaaa\n',
    'xint_aaaaaaaaaaaaaaaaaaaa',
  ]) {
    expect(isIntegrationId(id)).toBe(false);
  }
});
