import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { ActionLogin, INTEGRATION, type LoginChange, NOW, OTHER_SECRET, SECRET } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';
import { rawToken } from '../support/raw-token.ts';

const action = await loadBuiltAction();

/** A login that waits at the hosted page. */
const sentOut = async (change: LoginChange = {}): Promise<ActionLogin> => {
  const login = await new ActionLogin(action, change).execute();
  expect(login.effects.redirects).toHaveLength(1);
  return login;
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

describe('T12 clocks', () => {
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

  test('a token signed 120 s ago to 30 s ahead is accepted, one second beyond is not, whatever exp says', async () => {
    expect(await acceptedOffsets((iat) => ({ iat }))).toEqual([-120, 30]);
  });

  test('a verification 150 s ago to 30 s ahead is accepted, one second beyond is not', async () => {
    expect(await acceptedOffsets((vat) => ({ vat }))).toEqual([-150, 30]);
  });

  test('a late result is denied as late, so that users sign in again; an early one is a configuration fault', async () => {
    const late = await sentOut();
    await late.answer(late.resultToken({ vat: NOW - 151 }));
    expect(late.denyCode).toBe('face_session_expired');
    const early = await sentOut();
    await early.answer(early.resultToken({ vat: NOW + 31 }));
    expect(early.denyCode).toBe('face_configuration');
  });

  test('an expired answer is late as well, under either secret; a forged one, however late, is not', async () => {
    const rotated = { secrets: { SESSION_SECRET: OTHER_SECRET, SESSION_SECRET_PREVIOUS: SECRET } };
    const over = { iat: NOW - 95, exp: NOW - 5 };
    for (const [change, secret] of [
      [{}, SECRET],
      [rotated, SECRET],
      [rotated, OTHER_SECRET],
    ] as const) {
      const login = await sentOut(change);
      await login.answer(login.resultToken(over, secret));
      expect([login.verdict, login.denyCode]).toEqual(['denied', 'face_session_expired']);
    }
    const forged = await sentOut();
    await forged.answer(forged.resultToken(over, OTHER_SECRET));
    expect(forged.denyCode).toBe('face_configuration');
    const foreign = await sentOut();
    await foreign.answer(foreign.resultToken({ sub: 'auth0|bob' }));
    expect(foreign.denyCode).toBe('face_configuration');
    const noObject = await sentOut();
    const { result } = deriveSessionKeys(SECRET, INTEGRATION);
    await noObject.answer(rawToken('{"alg":"HS256","typ":"JWT"}', 'null', result));
    expect(noObject.denyCode).toBe('face_configuration');
  });

  test.each([NOW * 1000, NOW + 0.5, String(NOW), null, undefined])('a time of %s is invalid', async (at) => {
    for (const claim of ['iat', 'vat']) {
      const login = await sentOut();
      expect((await login.answer(login.resultToken({ [claim]: at }))).verdict).toBe('denied');
    }
  });
});

describe('T13 rotation of the Session Secret', () => {
  const rotated = { SESSION_SECRET: OTHER_SECRET, SESSION_SECRET_PREVIOUS: SECRET };

  test('a login that began under the old secret succeeds under the new one', async () => {
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

  test('once the previous secret is removed, its answers are denied', async () => {
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
])('T10 a failing %s ends in a denial that discloses nothing about the failure', async (fault) => {
  const source = await sentOut();
  const login = new ActionLogin(action, { faults: [fault] });
  await login.answer(source.resultToken());
  expect(login.denyCode).toBe('face_configuration');
  expect(login.effects.methods).toEqual([]);
  expect([...login.effects.denied, ...action.lines].join()).not.toContain('secret detail');
});

test('full refresh token metadata affects later claims, not the login', async () => {
  const source = await sentOut();
  const login = new ActionLogin(action, { faults: ['refreshToken.setMetadata'] });
  expect((await login.answer(source.resultToken())).verdict).toBe('passed');
});

test('if no mark for the Actions of other integrations can be set, a check that still counts passes anyway', async () => {
  const name = `https://authid.ai/methods/face/${INTEGRATION}`;
  const methods = [{ name, timestamp: new Date((NOW - 60) * 1000).toISOString() }];
  const faults = ['transaction.setMetadata'];
  const secrets = { FRESHNESS_SECONDS: '300' };
  const login = await new ActionLogin(action, { authentication: { methods }, secrets, faults }).execute();
  expect(login.effects.denied).toEqual([]);
  expect(login.effects.idToken.get('https://authid.ai/claims/amr')).toBe('MFA');
});

test('if even denying fails, the error reaches Auth0, which ends the login', async () => {
  const login = new ActionLogin(action, { faults: ['access.deny'] });
  await expect(login.answer('bad')).rejects.toThrow();
});
