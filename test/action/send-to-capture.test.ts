import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { openPii } from '../../contract/protocol/seal-pii.ts';
import { SESSION_TOKEN_MAX_LENGTH } from '../../contract/protocol/session-token.ts';
import { verifySessionToken } from '../../lambdas/core/model/verify-session-token.ts';
import { ActionLogin, HOST, INTEGRATION, type LoginChange, NOW, SECRET } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const KEYS = deriveSessionKeys(SECRET, INTEGRATION);

const sentOut = (change: LoginChange = {}): Promise<ActionLogin> => new ActionLogin(action, change).execute();
/** The claims as the service accepts them. */
const acceptedClaims = async (login: ActionLogin, domains: readonly string[] = [HOST]) => {
  const expected = { integrationId: INTEGRATION, domains, keys: [KEYS], now: epochSeconds(NOW) };
  return (await verifySessionToken(login.sessionToken, expected)).claims;
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

test('the service accepts the token, which says who logs in where', async () => {
  const login = await sentOut();
  const claims = await acceptedClaims(login);
  expect(claims).toEqual({
    iss: HOST,
    sub: 'auth0|alice',
    iat: NOW,
    exp: NOW + 300,
    ip: '203.0.113.7',
    v: 1,
    use: 'session',
    aud: `verified:${INTEGRATION}`,
    jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    tx: 'tx-1',
    cid: 'bank',
    mode: 'always',
    purpose: 'mfa',
    facts: { emailVerified: true, otherFactors: false },
    lang: 'de-AT',
    app: 'Harbour Bank',
    pii: expect.any(String),
  });
  expect(Object.fromEntries(login.effects.transactionMetadata)).toEqual({
    [`verified_jti_${INTEGRATION}`]: claims.jti,
  });
});

test('T7 every token has its own id of 128 random bits', async () => {
  const ids = new Set<unknown>();
  for (let run = 0; run < 500; run += 1) ids.add((await sentOut()).sessionClaims['jti']);
  expect(ids.size).toBe(500);
  for (const id of ids) expect(Buffer.from(String(id), 'base64url')).toHaveLength(16);
});

test('the token contains no name or address in clear text, neither in the URL nor in the log', async () => {
  action.lines.length = 0;
  const login = await sentOut({ secrets: { DEBUG: 'true' } });
  const clear = [login.effects.redirects[0], JSON.stringify(login.sessionClaims), ...action.lines].join('\n');
  for (const personal of ['alice@example.com', 'Alice Ash', 'example.com/', SECRET]) {
    expect(clear.replace('https://verify.example.com/', '')).not.toContain(personal);
  }
  const { pii, jti } = await acceptedClaims(login);
  expect(openPii(pii ?? '', KEYS.pii, jti)).toEqual({ email: 'alice@example.com', name: 'Alice Ash' });
});

test('a user without address and name is sent without sealed data', async () => {
  const login = await sentOut({ user: { email: undefined, name: undefined } });
  expect((await acceptedClaims(login)).pii).toBeUndefined();
});

describe('facts for enrollment policies are true only if Auth0 says so', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, false],
    ['true', false],
    [1, false],
  ])('email_verified %s', async (email_verified, emailVerified) => {
    const claims = await acceptedClaims(await sentOut({ user: { email_verified } }));
    expect(claims.facts.emailVerified).toBe(emailVerified);
  });

  test.each([
    ['nothing', {}, false],
    ['empty lists', { enrolledFactors: [], multifactor: [] }, false],
    ['an authenticator app', { enrolledFactors: [{ type: 'otp', options: {} }] }, true],
    ['an authenticator app, in the older form', { enrolledFactors: [{ method: 'otp' }] }, true],
    ['the old list', { enrolledFactors: [], multifactor: ['guardian'] }, true],
    ['recovery codes alone', { enrolledFactors: [{ type: 'recovery-code' }] }, false],
    [
      'this integration’s method',
      { enrolledFactors: [{ name: `https://authid.ai/methods/face/${INTEGRATION}` }] },
      false,
    ],
    [
      'this integration’s method and another',
      { multifactor: [`https://authid.ai/methods/face/${INTEGRATION}`, 'duo'] },
      true,
    ],
    ['rubbish', { enrolledFactors: [null, 7, {}, ''], multifactor: [''] }, false],
  ])('%s', async (_, user, otherFactors) => {
    expect((await acceptedClaims(await sentOut({ user }))).facts.otherFactors).toBe(otherFactors);
  });

  test.each([
    ['enrolled, not passed', [{ name: 'pwd' }], false],
    ['passed in this session', [{ name: 'pwd' }, { name: 'mfa', type: 'otp' }], true],
    ['this integration’s method does not count', [{ name: `https://authid.ai/methods/face/${INTEGRATION}` }], false],
    ['rubbish', [null, 7, 'mfa', {}], false],
  ])('T26 if the face replaces the other factor, only a passed one counts: %s', async (_, methods, otherFactors) => {
    const user = { enrolledFactors: [{ type: 'otp', options: {} }] };
    const login = await sentOut({ user, authentication: { methods }, secrets: { SKIP_TENANT_MFA: 'true' } });
    expect((await acceptedClaims(login)).facts.otherFactors).toBe(otherFactors);
  });
});

test.each([
  [{ ui_locales: ['fr', 'en'], locale: 'de' }, 'fr'],
  [{ ui_locales: [], locale: 'pt-BR' }, 'pt-BR'],
  [{ ui_locales: undefined, locale: undefined }, undefined],
  [{ ui_locales: ['<script>'] }, undefined],
  [{ ui_locales: ['x'.repeat(36)] }, undefined],
  [{ ui_locales: [7] }, undefined],
])('the language of %j is %s', async (transaction, lang) => {
  expect((await acceptedClaims(await sentOut({ transaction }))).lang).toBe(lang);
});

test('the token contains the host of the login, including custom domains', async () => {
  for (const hostname of ['login.bank.example', 'login.other.example']) {
    const login = await sentOut({ request: { hostname } });
    expect((await acceptedClaims(login, ['login.bank.example', 'login.other.example'])).iss).toBe(hostname);
    expect((await login.answer(login.resultToken())).verdict).toBe('passed');
  }
});

test('a result for another domain of the same integration is denied', async () => {
  const login = await sentOut({ request: { hostname: 'login.bank.example' } });
  const token = login.resultToken({ iss: 'login.other.example' });
  expect((await login.answer(token)).verdict).toBe('denied');
});

test('an organization changes nothing', async () => {
  const login = await sentOut({ organization: { id: 'org_1', name: 'bank' } });
  expect((await login.answer(login.resultToken())).verdict).toBe('passed');
});

test('T29 a recreated account has a new subject, hence no access to the old face', async () => {
  const claims = await Promise.all(
    ['auth0|1', 'auth0|2'].map(async (user_id) => (await acceptedClaims(await sentOut({ user: { user_id } }))).sub),
  );
  expect(claims).toEqual(['auth0|1', 'auth0|2']);
});

test('for any names of users and apps, the service accepts the token and the login succeeds', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 300 });
  const binary = fc.string({ unit: 'binary', maxLength: 300 });
  const half = fc.constantFrom(
    '\ud83d',
    '\ude00',
    'a\ud83d',
    `${'x'.repeat(127)}\u{1f600}`,
    '\u0000',
    '"\\'.repeat(150),
  );
  const name = fc.option(fc.oneof(text, binary, half), { nil: undefined });
  const userId = fc.string({ unit: fc.constantFrom('a', '|', 'é', '漢', '😀', '"', ' '), minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(name, name, name, userId, fc.boolean(), async (person, app, email, user_id, isLong) => {
      const address = isLong ? `${'"'.repeat(240)}@example.com` : email;
      const login = await sentOut({ user: { name: person, email: address, user_id }, client: { name: app } });
      expect(login.sessionToken.length).toBeLessThanOrEqual(SESSION_TOKEN_MAX_LENGTH);
      const claims = await acceptedClaims(login);
      expect(claims.sub).toBe(user_id);
      if (claims.pii !== undefined) {
        const opened = openPii(claims.pii, KEYS.pii, claims.jti);
        if (opened.email !== undefined) expect(opened.email).toBe(address);
      }
      expect((await login.answer(login.resultToken())).verdict).toBe('passed');
    }),
    { numRuns: 300 },
  );
});

test('the longest token is still short enough for the service', async () => {
  const login = await sentOut({
    user: { user_id: '漢'.repeat(255), email: `${'é'.repeat(242)}@example.com`, name: '漢'.repeat(500) },
    client: { client_id: '漢'.repeat(128), name: '漢'.repeat(500) },
    transaction: { id: 't'.repeat(128), ui_locales: ['x'.repeat(35)] },
    request: { hostname: 'h'.repeat(253), ip: '2001:db8:1111:2222:3333:4444:5555:6666' },
  });
  expect(login.sessionToken.length).toBeLessThanOrEqual(SESSION_TOKEN_MAX_LENGTH);
  expect((await acceptedClaims(login, ['h'.repeat(253)])).pii).toBeDefined();
  expect((await login.answer(login.resultToken({ state: 's'.repeat(2048) }), 's'.repeat(2048))).verdict).toBe('passed');
});

test('the payload overrides none of the claims that Auth0 sets', async () => {
  const claims = (await sentOut({ user: { user_id: 'auth0|bob' } })).sessionClaims;
  expect(claims).toMatchObject({ iss: HOST, sub: 'auth0|bob', iat: NOW, exp: NOW + 300, ip: '203.0.113.7' });
  expect(claims).not.toHaveProperty('state');
});

test.each(['redirect.encodeToken', 'redirect.sendUserTo', 'transaction.setMetadata'])(
  'a failing %s ends in a denial without a redirect',
  async (fault) => {
    const login = await sentOut({ faults: [fault] });
    expect(login.denyCode).toBe('face_configuration');
    expect(login.effects.redirects).toEqual([]);
  },
);
