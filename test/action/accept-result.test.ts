import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { DENY_CODE_OF, OUTCOMES } from '../../contract/protocol/outcomes.ts';
import {
  ActionLogin,
  INTEGRATION,
  type LoginChange,
  NOW,
  OTHER_SECRET,
  SECRET,
  STATE,
} from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';
import { AUTH0_HEADER, forgedToken, HOSTILE_HEADERS, rawToken } from '../support/raw-token.ts';

const action = await loadBuiltAction();
const { result: RESULT_KEY } = deriveSessionKeys(SECRET, INTEGRATION);

/** A login that waits at the hosted page. */
const sentOut = async (change: LoginChange = {}): Promise<ActionLogin> => {
  const login = await new ActionLogin(action, change).execute();
  expect(login.effects.redirects).toHaveLength(1);
  return login;
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

test.each(['verified', 'enrolled'])(
  'a signed %s lets the login continue, with claims, record and metadata',
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

describe('every outcome', () => {
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

  test('locked says when to come back; an invalid time is omitted', async () => {
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
  ['an unknown word', 'ok'],
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

describe('T10 a request to /continue', () => {
  const requests: [string, (token: string) => object][] = [
    ['nothing at all', () => ({ query: {}, body: {} })],
    ['a typed address', () => ({ query: { state: STATE }, body: {} })],
    ['no body', () => ({ query: { state: STATE }, body: undefined })],
    ['a GET with the token in the query', (token) => ({ query: { state: STATE, result_token: token }, body: {} })],
    ['two tokens', (token) => ({ query: { state: STATE, result_token: token }, body: { result_token: token } })],
    [
      'an additional empty token in the query',
      (token) => ({ query: { state: STATE, result_token: '' }, body: { result_token: token } }),
    ],
    ['an empty token', () => ({ query: { state: STATE }, body: { result_token: '' } })],
    ['a list of one', (token) => ({ query: { state: STATE }, body: { result_token: [token] } })],
    ['an object', (token) => ({ query: { state: STATE }, body: { result_token: { token } } })],
    ['another name', (token) => ({ query: { state: STATE }, body: { session_token: token } })],
    ['the state in the body', (token) => ({ query: { state: STATE }, body: { result_token: token, state: STATE } })],
    ['the state only in the body', (token) => ({ query: {}, body: { result_token: token, state: STATE } })],
    ['two states', (token) => ({ query: { state: [STATE, STATE] }, body: { result_token: token } })],
    ['no state', (token) => ({ query: {}, body: { result_token: token } })],
  ];

  test.each(requests)('%s is denied', async (_, requestOf) => {
    const login = await sentOut();
    await login.resume(requestOf(login.resultToken()));
    expect(login.verdict).toBe('denied');
    expect(login.denyCode).toBe('face_configuration');
  });

  test('a token with another state than the query is denied, whatever Auth0 says', async () => {
    for (const state of ['other', `${STATE} `, '', undefined, null, [STATE]]) {
      const login = await sentOut({ reading: 'lenient' });
      expect((await login.answer(login.resultToken({ state }))).verdict).toBe('denied');
    }
  });

  test('a chosen state in the body does not make another state pass', async () => {
    const login = await sentOut();
    const token = login.resultToken({ state: 'mine' });
    await login.resume({ query: { state: STATE }, body: { result_token: token, state: 'mine' } });
    expect(login.verdict).toBe('denied');
  });
});

describe('T10 forged tokens', () => {
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
    ['a truncated signature', (login: ActionLogin) => login.resultToken().slice(0, -4)],
    ['another secret', (login: ActionLogin) => login.resultToken({}, OTHER_SECRET)],
  ] as const)('%s is denied', async (_, tokenOf) => {
    const login = await sentOut();
    await login.answer(tokenOf(login));
    expect(login.verdict).toBe('denied');
  });
});
