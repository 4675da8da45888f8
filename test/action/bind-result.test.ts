import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { ActionLogin, INTEGRATION, type LoginChange, NOW, SECRET, STATE } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';
import { AUTH0_HEADER, rawToken } from '../support/raw-token.ts';

const action = await loadBuiltAction();
const { result: RESULT_KEY, request: REQUEST_KEY, pii: PII_KEY } = deriveSessionKeys(SECRET, INTEGRATION);

const READINGS = ['strict', 'lenient'] as const;

/** A login that waits at the hosted page. */
const sentOut = async (change: LoginChange = {}): Promise<ActionLogin> => {
  const login = await new ActionLogin(action, change).execute();
  expect(login.effects.redirects).toHaveLength(1);
  return login;
};
const tick = (seconds: number): void => void vi.setSystemTime((NOW + seconds) * 1000);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

test('T4 a session token sent back as a result is denied, under every key of the secret', async () => {
  const login = await sentOut();
  await login.answer(login.sessionToken);
  expect(login.verdict).toBe('denied');
  for (const key of [REQUEST_KEY, PII_KEY, RESULT_KEY]) {
    const reflected = await sentOut();
    const claims = { ...reflected.sessionClaims, state: STATE, res: 'verified', event: 'verified', vat: NOW };
    await reflected.answer(rawToken(AUTH0_HEADER, JSON.stringify(claims), key));
    expect(reflected.verdict).toBe('denied');
  }
});

test('T8 a result can be used once in the same login', async () => {
  const login = await sentOut();
  const token = login.resultToken();
  await login.answer(token);
  expect(login.verdict).toBe('passed');
  await login.answer(token);
  expect(login.denyCode).toBe('face_configuration');
  expect(login.effects.idToken.get('https://authid.ai/claims/amr')).toBeNull();
  expect(login.effects.methods).toHaveLength(1);
});

test('T8 a captured result works neither in a later login of the same user nor in one of another user', async () => {
  const captured = (await sentOut()).resultToken();
  const later = await sentOut({ transaction: { id: 'tx-2' } });
  expect((await later.answer(captured)).verdict).toBe('denied');
  const other = await sentOut({ user: { user_id: 'auth0|bob' } });
  expect((await other.answer(captured)).verdict).toBe('denied');
  const sameIds = await sentOut();
  expect((await sameIds.answer(captured)).verdict).toBe('denied');
});

test('T8 an expired result is denied', async () => {
  const login = await sentOut();
  const token = login.resultToken();
  tick(90);
  expect((await login.answer(token)).verdict).toBe('denied');
});

test.each(READINGS)('T9 of all mixes of two logins, only those of a single login pass (%s)', async (reading) => {
  const people = ['alice', 'mallory'].map((name) => ({
    change: {
      reading,
      user: { user_id: `auth0|${name}` },
      transaction: { id: `tx-${name}` },
    },
    state: `state-of-${name}`,
  }));
  const [alice, mallory] = people;
  if (alice === undefined || mallory === undefined) throw new Error('two people');
  for (const target of people) {
    let passed = 0;
    for (let mix = 0; mix < 16; mix += 1) {
      // Whose are sub, state, nonce and transaction? Each by one bit, so that Mallory's own face under Alice's state is among them.
      const [sub, state, nonce, tx] = [1, 2, 4, 8].map((bit) => ((mix & bit) === 0 ? alice : mallory));
      const login = await sentOut(target.change);
      const nonceOwner = nonce === target ? login : await sentOut(nonce?.change);
      const token = login.resultToken({
        sub: sub?.change.user.user_id,
        state: state?.state,
        ref: nonceOwner.sessionClaims['jti'],
        tx: tx?.change.transaction.id,
      });
      // The state of the query is the one by which Auth0 found this login.
      await login.answer(token, target.state);
      expect(login.verdict).toBe([sub, state, nonce, tx].every((owner) => owner === target) ? 'passed' : 'denied');
      passed += login.verdict === 'passed' ? 1 : 0;
    }
    expect(passed).toBe(1);
  }
});

test('T9 if Auth0 kept no metadata, transaction and user still bind the result', async () => {
  const source = await sentOut();
  const kept = new ActionLogin(action);
  expect((await kept.answer(source.resultToken())).verdict).toBe('passed');
  const other = new ActionLogin(action, { transaction: { id: 'tx-2' } });
  expect((await other.answer(source.resultToken())).verdict).toBe('denied');
});

test.each([
  ['no transaction', { transaction: undefined }],
  ['no transaction id', { transaction: { id: undefined } }],
  ['an empty transaction id', { transaction: { id: '' } }],
])('with %s at /continue nothing can be bound, so it is denied', async (_, change) => {
  const source = await sentOut();
  const login = new ActionLogin(action, change);
  for (const tx of [undefined, '', null, 'tx-1']) {
    const attempt = new ActionLogin(action, change);
    expect((await attempt.answer(source.resultToken({ tx }))).verdict).toBe('denied');
  }
  expect((await login.answer(source.resultToken())).verdict).toBe('denied');
});

test('T29 a primary user set by an earlier Action changes the subject, and the result is denied', async () => {
  const source = await sentOut();
  const linked = new ActionLogin(action, { user: { user_id: 'google-oauth2|77' } });
  expect((await linked.answer(source.resultToken())).verdict).toBe('denied');
});

test('T9 the nonce of another integration in the same login does not count', async () => {
  const login = await sentOut();
  login.effects.transactionMetadata.set('verified_jti_int_bbbbbbbbbbbbbbbbbbbb', 'theirs');
  expect((await login.answer(login.resultToken())).verdict).toBe('passed');
});

describe('any single altered claim is denied', () => {
  const BOUND = ['v', 'use', 'iss', 'sub', 'aud', 'state', 'tx', 'ref', 'cid', 'res', 'event'] as const;
  const TIMES = ['iat', 'vat', 'exp'] as const;

  const cases = READINGS.flatMap((reading) => [...BOUND, ...TIMES].map((claim) => ({ reading, claim })))
    // If the validator ignores `exp`, the token's age depends on `iat`, which the Action checks itself.
    .filter(({ reading, claim }) => reading === 'strict' || claim !== 'exp');

  test.each(cases)('$claim, to any other JSON value or to none ($reading)', async ({ claim, reading }) => {
    await fc.assert(
      fc.asyncProperty(fc.option(fc.jsonValue(), { nil: undefined }), async (value) => {
        const login = await sentOut({ reading });
        const honest = login.resultClaims()[claim];
        fc.pre(JSON.stringify(value) !== JSON.stringify(honest));
        // A time may change within its bounds, which have separate tests.
        fc.pre(!(typeof value === 'number' && TIMES.some((time) => time === claim) && Math.abs(value - NOW) < 300));
        fc.pre(!(claim === 'exp' && typeof value === 'number' && value > NOW));
        await login.answer(login.resultToken({ [claim]: value }));
        expect(login.verdict).toBe('denied');
      }),
      { numRuns: 100 },
    );
  });

  test('a success whose event says the other success', async () => {
    const login = await sentOut();
    expect((await login.answer(login.resultToken({ event: 'enrolled' }))).verdict).toBe('denied');
  });

  test('any single flipped bit of the token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 63 }), async (at, change) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const login = await sentOut();
        const token = login.resultToken();
        const index = at % token.length;
        const place = alphabet.indexOf(token.charAt(index));
        fc.pre(place >= 0);
        const altered = token.slice(0, index) + alphabet.charAt(place ^ change) + token.slice(index + 1);
        // The last base64url character may contain unused bits.
        fc.pre(
          !Buffer.from(altered.split('.')[2] ?? '', 'base64url').equals(
            Buffer.from(token.split('.')[2] ?? '', 'base64url'),
          ) || index < token.lastIndexOf('.'),
        );
        await login.answer(altered);
        expect(login.verdict).toBe('denied');
      }),
      { numRuns: 200 },
    );
  });
});
