import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSessionKeys } from '../../../contract/protocol/derive-keys.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { sessionAudience } from '../../../contract/protocol/session-token.ts';
import { BadSessionToken, peekSubject, verifySessionToken } from '../../../lambdas/core/model/verify-session-token.ts';
import { AUTH0_HEADER, forgedToken, HOSTILE_HEADERS, plainClaims, rawToken } from '../../support/raw-token.ts';

const NOW = epochSeconds(1_900_000_000);
const ID = 'int_aaaaaaaaaaaaaaaaaaaa';
const ISS = 'tenant.eu.auth0.com';
const KEYS = deriveSessionKeys(Buffer.alloc(32, 7).toString('base64url'), ID);
const claims = (change: object = {}): Record<string, unknown> => ({
  ...plainClaims(ID, ISS, 'auth0|alice', NOW),
  ...change,
});
const verify = (token: string, change: object = {}) =>
  verifySessionToken(token, { integrationId: ID, domains: [ISS], keys: [KEYS], now: NOW, ...change });
const sign = (payload: unknown, key = KEYS.request) => rawToken(AUTH0_HEADER, JSON.stringify(payload), key);
const isAccepted = (token: string, change: object = {}): Promise<boolean> =>
  verify(token, change).then(
    () => true,
    (error) => {
      // Whatever is wrong, it is reported as a bad token and not as an unexpected error.
      if (error instanceof BadSessionToken) return false;
      throw error;
    },
  );

test('a token as Auth0 creates it is accepted, with its claims', async () => {
  const given = claims({ lang: 'de-AT', app: 'Bank', pii: 'AAAA' });
  const verified = await verify(sign(given));
  expect(verified.claims).toEqual(given);
  expect(verified).toMatchObject({ keyIndex: 0, issuedAt: NOW });
});

test.each(HOSTILE_HEADERS)('T1 T2 the header $header is refused even with the right key', async (hostile) => {
  expect(HOSTILE_HEADERS.length).toBeGreaterThanOrEqual(40);
  const token = forgedToken(hostile, JSON.stringify(claims()), KEYS.request);
  expect(await isAccepted(token)).toBe(false);
  expect(peekSubject(token)).toBeNull();
});

test('T1 only the two member orders of the header are accepted', async () => {
  const other = rawToken('{"typ":"JWT","alg":"HS256"}', JSON.stringify(claims()), KEYS.request);
  expect(await isAccepted(other)).toBe(true);
});

test('T4 a token under the result or the pii key, or of the other use, does not open a session', async () => {
  expect(await isAccepted(sign(claims(), KEYS.result))).toBe(false);
  expect(await isAccepted(sign(claims(), KEYS.pii))).toBe(false);
  expect(await isAccepted(sign(claims({ use: 'result' })))).toBe(false);
  expect(await isAccepted(sign(claims({ state: 'abc' })))).toBe(false);
});

/** For each claim, values that no genuine Action sends. */
const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
  iss: [
    undefined,
    null,
    '',
    'x',
    ['tenant.eu.auth0.com'],
    `https://${ISS}`,
    `${ISS}/`,
    `${ISS}.`,
    'TENANT.eu.auth0.com',
  ],
  sub: [
    undefined,
    null,
    '',
    [],
    ['auth0|a'],
    {},
    7,
    'a\u0000b',
    'a\nb',
    'a\u007fb',
    'x'.repeat(256),
    'x'.repeat(10_000),
  ],
  iat: [undefined, null, '1900000000', Number.NaN, NOW + 31, NOW - 301, 0, -1, NOW * 1000, NOW + 0.5, [NOW], 1e300],
  exp: [undefined, null, '1900000300', Number.NaN, NOW - 31, 0, -1, NOW * 1000, NOW + 0.5, true, 253_402_300_799],
  ip: [null, 7, 'x'.repeat(65), ['203.0.113.7']],
  v: [undefined, null, '1', 0, 2, 1.5, true, [1]],
  use: [undefined, null, 'result', 'SESSION', '', ['session']],
  aud: [
    undefined,
    null,
    '',
    `verified:${ID}:result`,
    `verified:${ID} `,
    [`verified:${ID}`],
    'verified:int_bbbbbbbbbbbbbbbbbbbb',
  ],
  jti: [undefined, null, '', 'short', 'x'.repeat(65), 'a#b#c#d#e#f#g#h#i#j', '../../../../../..', 7, 'ä'.repeat(20)],
  tx: [undefined, null, '', 'a\u0000', 'x'.repeat(129), 7],
  cid: [undefined, null, '', 'a\r\nb', 'x'.repeat(129), {}],
  mode: [undefined, null, 'never', 'ALWAYS', 1],
  purpose: [undefined, null, 'admin', ['mfa']],
  facts: [
    undefined,
    null,
    {},
    { emailVerified: 'true', otherFactors: false },
    { emailVerified: true, otherFactors: 1 },
    { emailVerified: true, otherFactors: false, admin: true },
    [true, false],
  ],
  lang: [null, 'x'.repeat(36), 7],
  app: [null, '', 'a\u0007', 'x'.repeat(129), {}],
  pii: [null, '', 'not base64url!', 'x'.repeat(1025), 7],
  admin: [true],
  state: ['abc'],
  constructor: ['x'],
};
const mutation = fc.oneof(
  ...Object.entries(HOSTILE).map(([name, values]) => fc.constantFrom(...values).map((value) => ({ name, value }))),
);
const honest = fc.record({
  sub: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 255 }),
  iat: fc.integer({ min: NOW - 300, max: NOW + 30 }),
  exp: fc.integer({ min: NOW - 29, max: NOW + 900 }),
  mode: fc.constantFrom('always', 'on-demand'),
  purpose: fc.constantFrom('mfa', 'enroll'),
  jti: fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
});

test('T5 of 10,000 claim sets exactly those without a hostile member are accepted', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(honest, fc.array(mutation, { maxLength: 2 }), async (base, mutations) => {
      const set = claims(base);
      for (const { name, value } of mutations) set[name] = value;
      const isHonest = mutations.length === 0;
      expect(await isAccepted(sign(set))).toBe(isHonest);
      accepted += isHonest ? 1 : 0;
    }),
    { numRuns: 10_000 },
  );
  expect(accepted).toBeGreaterThan(1000);
});

test('T5 payloads that are not one JSON object in UTF-8 are refused', async () => {
  for (const payload of ['', 'null', '[]', '"x"', '7', '{', `${JSON.stringify(claims())}x`, '{"__proto__":{}}']) {
    expect(await isAccepted(rawToken(AUTH0_HEADER, payload, KEYS.request)), payload).toBe(false);
  }
  const withPrototype = JSON.stringify(claims()).replace('{', '{"__proto__":{"admin":true},');
  expect(await isAccepted(rawToken(AUTH0_HEADER, withPrototype, KEYS.request))).toBe(false);
});

test('T60 a token over 4096 characters is refused before its signature is checked', async () => {
  expect(await isAccepted(sign(claims({ app: 'x'.repeat(5000) })))).toBe(false);
  expect(peekSubject(sign(claims({ app: 'x'.repeat(5000) })))).toBeNull();
  for (const token of ['', '.', '..', '...', 'a.b', 'a.b.c.d', `${sign(claims())}.x`]) {
    expect(await isAccepted(token), token).toBe(false);
  }
});

describe('T6 of all combinations of path, audience and key only those of one integration pass', () => {
  const ids = ['int_aaaaaaaaaaaaaaaaaaaa', 'int_bbbbbbbbbbbbbbbbbbbb', 'int_cccccccccccccccccccc'];
  const secret = Buffer.alloc(32, 9).toString('base64url');
  // The same secret everywhere: the salt alone must keep the keys apart (T31).
  const keysOf = (id: string) => deriveSessionKeys(secret, id);
  const mixes = ids.flatMap((path) => ids.flatMap((aud) => ids.map((key) => ({ path, aud, key }))));
  test.each(mixes)('path $path aud $aud key $key', async ({ path, aud, key }) => {
    const token = sign(claims({ aud: sessionAudience(aud) }), keysOf(key).request);
    const accepted = await isAccepted(token, { integrationId: path, keys: [keysOf(path)] });
    expect(accepted).toBe(path === aud && aud === key);
  });
  test('and only with a domain of the list', async () => {
    expect(await isAccepted(sign(claims({ iss: 'other.eu.auth0.com' })))).toBe(false);
    expect(await isAccepted(sign(claims()), { domains: [] })).toBe(false);
    expect(await isAccepted(sign(claims()), { domains: ['login.example.com', ISS] })).toBe(true);
  });
});

test('T12 clocks may differ by 30 seconds; a token older than 300 seconds is refused, whatever its exp says', async () => {
  for (let iat = NOW - 420; iat <= NOW + 120; iat += 1) {
    const expected = iat >= NOW - 300 && iat <= NOW + 30;
    expect(await isAccepted(sign(claims({ iat, exp: NOW + 3600 }))), `iat ${iat - NOW}`).toBe(expected);
  }
  for (let exp = NOW - 60; exp <= NOW + 60; exp += 1) {
    expect(await isAccepted(sign(claims({ exp }))), `exp ${exp - NOW}`).toBe(exp > NOW - 30);
  }
});

test('T13 the second key generation is recognized as such, a third key is refused', async () => {
  const [older, stranger] = ['2', '3'].map((fill) =>
    deriveSessionKeys(Buffer.alloc(32, fill).toString('base64url'), ID),
  );
  if (older === undefined || stranger === undefined) throw new Error('two keys');
  expect((await verify(sign(claims(), older.request), { keys: [KEYS, older] })).keyIndex).toBe(1);
  expect((await verify(sign(claims()), { keys: [KEYS, older] })).keyIndex).toBe(0);
  expect(await isAccepted(sign(claims(), stranger.request), { keys: [KEYS, older] })).toBe(false);
});

test('T69 names that no store can hold unchanged (lone surrogates) are refused, even before the signature is checked', async () => {
  const payload = JSON.stringify(claims()).replace('auth0|alice', 'auth0|\\ud800');
  const token = rawToken(AUTH0_HEADER, payload, KEYS.request);
  expect(await isAccepted(token)).toBe(false);
  expect(peekSubject(token)).toBeNull();
  expect(peekSubject(sign(claims({ sub: 'a\u0000b' })))).toBeNull();
  expect(peekSubject(sign(claims()))).toBe('auth0|alice');
});
