import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { DENY_CODE_OF, OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { ActionLogin, type LoginChange, NOW, OTHER_SECRET, SECRET, STATE } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';
import { AUTH0_HEADER, forgedToken, HOSTILE_HEADERS, rawToken } from '../support/raw-token.ts';

const action = await loadBuiltAction();
const INTEGRATION = 'int_aaaaaaaaaaaaaaaaaaaa';
const { result: RESULT_KEY, request: REQUEST_KEY, pii: PII_KEY } = deriveSessionKeys(SECRET, INTEGRATION);

/** A login that stands at the hosted page. */
const sentOut = async (change: LoginChange = {}): Promise<ActionLogin> => {
  const login = await new ActionLogin(action, change).execute();
  expect(login.effects.redirects).toHaveLength(1);
  return login;
};
const tick = (seconds: number): void => void vi.setSystemTime((NOW + seconds) * 1000);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

test.each(['verified', 'enrolled'])(
  'a signed %s lets the login go on, with claims, record and metadata',
  async (res) => {
    const login = await sentOut();
    await login.answer(login.resultToken({ res, event: res, vat: NOW - 7 }));
    expect(login.verdict).toBe('passed');
    const claims = { amr: 'MFA', face_at: NOW - 7, event: res };
    for (const [name, value] of Object.entries(claims)) {
      expect(login.effects.idToken.get(`https://authid.ai/claims/${name}`)).toBe(value);
      expect(login.effects.accessToken.get(`https://authid.ai/claims/${name}`)).toBe(value);
    }
    expect(login.effects.methods).toEqual([`https://authid.ai/methods/face/${INTEGRATION}`]);
    expect(Object.fromEntries(login.effects.refreshMetadata)).toEqual({
      [`verified_face_at_${INTEGRATION}`]: String(NOW - 7),
    });
  },
);

describe('edge 12 every outcome', () => {
  const failures = OUTCOMES.filter((outcome) => outcome !== 'verified' && outcome !== 'enrolled');

  test.each(failures)('%s is denied with its stable code', async (res) => {
    const login = await sentOut();
    await login.answer(login.resultToken({ res, event: null, vat: null }));
    expect(login.verdict).toBe('denied');
    expect(login.denyCode).toBe(DENY_CODE_OF[res]);
    expect(login.effects.refreshMetadata.size).toBe(0);
  });

  test.each(failures)('%s stays denied when it claims an event and a time of verification', async (res) => {
    const login = await sentOut();
    await login.answer(login.resultToken({ res, event: 'verified', vat: NOW }));
    expect(login.denyCode).toBe(DENY_CODE_OF[res]);
  });

  test('T50 a service that could not judge ends in a denial, never in a pass', async () => {
    const login = await sentOut();
    await login.answer(login.resultToken({ res: 'unavailable', event: null, vat: null }));
    expect(login.effects.denied[0]).toMatch(/^face_unavailable: .+ Support id [0-9A-Z]{4}-[0-9A-Z]{4}$/);
  });

  test('locked says when to come back; a time that is none is left out', async () => {
    const texts = [];
    for (const until of [NOW + 1800, 'soon', 1e15, -1, undefined]) {
      const login = await sentOut();
      await login.answer(login.resultToken({ res: 'locked', event: null, vat: null, until }));
      expect(login.denyCode).toBe('face_locked');
      texts.push(login.effects.denied[0]?.match(/Try again at (.+ UTC)\./)?.[1]);
    }
    expect(texts).toEqual(['2030-03-17 18:16 UTC', undefined, undefined, undefined, undefined]);
  });
});

test.each([
  ['a word of no list', 'ok'],
  ['another case', 'Verified'],
  ['padding', 'verified '],
  ['a list', ['verified']],
  ['an inherited name', 'constructor'],
  ['true', true],
  ['null', null],
  ['nothing', undefined],
])('T10 a result that is %s is denied', async (_, res) => {
  const login = await sentOut();
  await login.answer(login.resultToken({ res, event: res }));
  expect(login.verdict).toBe('denied');
  expect(login.denyCode).toBe('face_configuration');
});

describe('T10 edge 9 edge 11 what comes to /continue', () => {
  const requests: [string, (token: string) => object][] = [
    ['nothing at all', () => ({ query: {}, body: {} })],
    ['a typed address', () => ({ query: { state: STATE }, body: {} })],
    ['no body', () => ({ query: { state: STATE }, body: undefined })],
    ['a GET with the token in the query', (token) => ({ query: { state: STATE, result_token: token }, body: {} })],
    ['two tokens', (token) => ({ query: { state: STATE, result_token: token }, body: { result_token: token } })],
    [
      'an empty query token beside it',
      (token) => ({ query: { state: STATE, result_token: '' }, body: { result_token: token } }),
    ],
    ['an empty token', () => ({ query: { state: STATE }, body: { result_token: '' } })],
    ['a list of one', (token) => ({ query: { state: STATE }, body: { result_token: [token] } })],
    ['an object', (token) => ({ query: { state: STATE }, body: { result_token: { token } } })],
    ['another name', (token) => ({ query: { state: STATE }, body: { session_token: token } })],
    ['the state in the body', (token) => ({ query: { state: STATE }, body: { result_token: token, state: STATE } })],
    ['the state in the body alone', (token) => ({ query: {}, body: { result_token: token, state: STATE } })],
    ['two states', (token) => ({ query: { state: [STATE, STATE] }, body: { result_token: token } })],
    ['no state', (token) => ({ query: {}, body: { result_token: token } })],
  ];

  test.each(requests)('%s is denied', async (_, requestOf) => {
    const login = await sentOut();
    await login.resume(requestOf(login.resultToken()));
    expect(login.verdict).toBe('denied');
    expect(login.denyCode).toBe('face_configuration');
  });

  test('a state of the own choice in the body does not make another state pass', async () => {
    const login = await sentOut();
    const token = login.resultToken({ state: 'mine' });
    await login.resume({ query: { state: STATE }, body: { result_token: token, state: 'mine' } });
    expect(login.verdict).toBe('denied');
  });
});

describe('edge 10 forged tokens', () => {
  test.each(HOSTILE_HEADERS)('the header $header is denied even with the right key', async (hostile) => {
    const login = await sentOut();
    await login.answer(forgedToken(hostile, JSON.stringify(login.resultClaims()), RESULT_KEY));
    expect(login.verdict).toBe('denied');
  });

  test.each([
    ['text', () => 'hello'],
    ['dots', () => '..'],
    ['a token over the limit', (login: ActionLogin) => login.resultToken({ pad: 'x'.repeat(8192) })],
    [
      'alg none',
      (login: ActionLogin) =>
        forgedToken(
          { header: '{"alg":"none","typ":"JWT"}', hash: null },
          JSON.stringify(login.resultClaims()),
          RESULT_KEY,
        ),
    ],
    [
      'the secret itself as key',
      (login: ActionLogin) => rawToken(AUTH0_HEADER, JSON.stringify(login.resultClaims()), SECRET),
    ],
    ['a cut signature', (login: ActionLogin) => login.resultToken().slice(0, -4)],
    ['another secret', (login: ActionLogin) => login.resultToken({}, OTHER_SECRET)],
  ] as const)('%s is denied', async (_, tokenOf) => {
    const login = await sentOut();
    await login.answer(tokenOf(login));
    expect(login.verdict).toBe('denied');
  });
});

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

test('T8 edge 13 a result is spent by its first use in the same login', async () => {
  const login = await sentOut();
  const token = login.resultToken();
  await login.answer(token);
  expect(login.verdict).toBe('passed');
  await login.answer(token);
  expect(login.denyCode).toBe('face_configuration');
  expect(login.effects.idToken.get('https://authid.ai/claims/amr')).toBeNull();
  expect(login.effects.methods).toHaveLength(1);
});

test('T8 a captured result opens neither a later login of the same person nor one of somebody else', async () => {
  const captured = (await sentOut()).resultToken();
  const later = await sentOut({ transaction: { id: 'tx-2' } });
  expect((await later.answer(captured)).verdict).toBe('denied');
  const other = await sentOut({ user: { user_id: 'auth0|bob' } });
  expect((await other.answer(captured)).verdict).toBe('denied');
  const sameIds = await sentOut();
  expect((await sameIds.answer(captured)).verdict).toBe('denied');
});

test('T8 a result is denied after its life', async () => {
  const login = await sentOut();
  const token = login.resultToken();
  tick(90);
  expect((await login.answer(token)).verdict).toBe('denied');
});

test('T9 of all mixes of two logins, only the one made of a single login passes', async () => {
  const people = ['alice', 'mallory'].map((name) => ({
    change: { user: { user_id: `auth0|${name}` }, transaction: { id: `tx-${name}` } },
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

test('T9 where Auth0 kept no metadata, transaction and person still bind the result', async () => {
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
])('edge 1 with %s at /continue nothing can be bound, so it is denied', async (_, change) => {
  const source = await sentOut();
  const login = new ActionLogin(action, change);
  for (const tx of [undefined, '', null, 'tx-1']) {
    const attempt = new ActionLogin(action, change);
    expect((await attempt.answer(source.resultToken({ tx }))).verdict).toBe('denied');
  }
  expect((await login.answer(source.resultToken())).verdict).toBe('denied');
});

test('edge 16 a primary user set by an earlier Action changes the subject, and the result is denied', async () => {
  const source = await sentOut();
  const linked = new ActionLogin(action, { user: { user_id: 'google-oauth2|77' } });
  expect((await linked.answer(source.resultToken())).verdict).toBe('denied');
});

test('edge 20 the nonce of another integration in the same login is none of ours', async () => {
  const login = await sentOut();
  login.effects.transactionMetadata.set('verified_jti_int_bbbbbbbbbbbbbbbbbbbb', 'theirs');
  expect((await login.answer(login.resultToken())).verdict).toBe('passed');
});

describe('any single altered claim is denied', () => {
  const BOUND = ['v', 'use', 'iss', 'sub', 'aud', 'state', 'tx', 'ref', 'cid', 'res', 'event'] as const;
  const TIMES = ['iat', 'vat', 'exp'] as const;

  test.each([...BOUND, ...TIMES])('%s, to any other JSON value or to none', async (claim) => {
    await fc.assert(
      fc.asyncProperty(fc.option(fc.jsonValue(), { nil: undefined }), async (value) => {
        const login = await sentOut();
        const honest = login.resultClaims()[claim];
        fc.pre(JSON.stringify(value) !== JSON.stringify(honest));
        // A time may move within its bounds; those have tests of their own.
        fc.pre(!(typeof value === 'number' && TIMES.some((time) => time === claim) && Math.abs(value - NOW) < 300));
        fc.pre(!(claim === 'exp' && typeof value === 'number' && value > NOW));
        await login.answer(login.resultToken({ [claim]: value }));
        expect(login.verdict).toBe('denied');
      }),
      { numRuns: 150 },
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
        // The last character of a base64url text may hold bits that count for nothing.
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

describe('T12 edge 24 clocks', () => {
  /** The offsets in seconds, from -400 to 400, at which `claims` of that age are accepted. */
  const acceptedOffsets = async (change: (at: number) => object): Promise<[number, number]> => {
    const accepted: number[] = [];
    for (let offset = -400; offset <= 400; offset += 1) {
      const login = await sentOut();
      await login.answer(login.resultToken({ exp: NOW + 1000, ...change(NOW + offset) }));
      expect(login.verdict).not.toBe('unclear');
      if (login.verdict === 'passed') accepted.push(offset);
    }
    expect(accepted).toHaveLength((accepted.at(-1) ?? 0) - (accepted[0] ?? 0) + 1);
    return [accepted[0] ?? 0, accepted.at(-1) ?? 0];
  };

  test('a token signed 120 s ago to 30 s ahead is accepted, one second more is not, whatever exp says', async () => {
    expect(await acceptedOffsets((iat) => ({ iat }))).toEqual([-120, 30]);
  });

  test('a verification 150 s ago to 30 s ahead is accepted, one second more is not', async () => {
    expect(await acceptedOffsets((vat) => ({ vat }))).toEqual([-150, 30]);
  });

  test('late is said to be late, so that people sign in again; early is a fault of the set-up', async () => {
    const late = await sentOut();
    await late.answer(late.resultToken({ vat: NOW - 151 }));
    expect(late.denyCode).toBe('face_session_expired');
    const early = await sentOut();
    await early.answer(early.resultToken({ vat: NOW + 31 }));
    expect(early.denyCode).toBe('face_configuration');
  });

  test.each([NOW * 1000, NOW + 0.5, String(NOW), null, undefined])('a time of %s is none', async (at) => {
    for (const claim of ['iat', 'vat']) {
      const login = await sentOut();
      expect((await login.answer(login.resultToken({ [claim]: at }))).verdict).toBe('denied');
    }
  });
});

describe('T13 edge 25 rotation of the Session Secret', () => {
  const rotated = { SESSION_SECRET: OTHER_SECRET, SESSION_SECRET_PREVIOUS: SECRET };

  test('a login that began under the old secret ends well under the new one', async () => {
    const before = await sentOut();
    const token = before.resultToken({}, SECRET);
    const after = new ActionLogin(action, { secrets: rotated });
    for (const [name, value] of before.effects.transactionMetadata) after.effects.transactionMetadata.set(name, value);
    expect((await after.answer(token)).verdict).toBe('passed');
  });

  test('new logins are signed with the new secret, and both answers are accepted', async () => {
    for (const secret of [OTHER_SECRET, SECRET]) {
      const login = await sentOut({ secrets: rotated });
      const { request } = deriveSessionKeys(OTHER_SECRET, INTEGRATION);
      const [head = '', body = ''] = login.sessionToken.split('.');
      const text = (part: string) => Buffer.from(part, 'base64url').toString('utf8');
      expect(rawToken(text(head), text(body), request)).toBe(login.sessionToken);
      expect((await login.answer(login.resultToken({}, secret))).verdict).toBe('passed');
    }
  });

  test('once the previous secret is taken away, its answers are denied', async () => {
    const login = await sentOut({ secrets: { SESSION_SECRET: OTHER_SECRET } });
    expect((await login.answer(login.resultToken({}, SECRET))).verdict).toBe('denied');
  });
});

test.each([
  'redirect.validateToken',
  'transaction.setMetadata',
  'idToken.setCustomClaim',
  'accessToken.setCustomClaim',
  'authentication.recordMethod',
])('T10 a failing %s ends in a denial that tells nothing of the failure', async (fault) => {
  const source = await sentOut();
  const login = new ActionLogin(action, { faults: [fault] });
  await login.answer(source.resultToken());
  expect(login.denyCode).toBe('face_configuration');
  expect(login.effects.methods).toEqual([]);
  expect([...login.effects.denied, ...action.lines].join()).not.toContain('secret detail');
});

test('full refresh token metadata costs later claims, not the login', async () => {
  const source = await sentOut();
  const login = new ActionLogin(action, { faults: ['refreshToken.setMetadata'] });
  expect((await login.answer(source.resultToken())).verdict).toBe('passed');
});

test('if even denying fails, the error reaches Auth0, which ends the login', async () => {
  const login = new ActionLogin(action, { faults: ['access.deny'] });
  await expect(login.answer('bad')).rejects.toThrow();
});
