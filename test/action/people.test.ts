import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionLogin, INTEGRATION, type LoginChange, NAMESPACE, NOW } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const ACR = 'https://authid.ai/policies/multi-factor';
const MARK = `verified_enrolled_${INTEGRATION}`;
const DAY = 86_400;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  action.lines.length = 0;
});
afterEach(() => void vi.useRealTimers());

/** `asked`: sent to the face check; `passes`: without the claim. */
const verdictOf = async (change: LoginChange): Promise<string> => {
  const { effects, denyCode } = await new ActionLogin(action, change).execute();
  if (denyCode !== null) return denyCode;
  if (effects.redirects.length > 0) return 'asked';
  expect(effects.idToken.get(`${NAMESPACE}amr`)).toBeNull();
  return 'passes';
};
const asking = (change: LoginChange): LoginChange => ({ ...change, transaction: { acr_values: [ACR] } });

describe('organizations', () => {
  const harbour = { organization: { id: 'org_harbour', name: 'harbour' } };

  test('a login to an organization is checked like any other', async () => {
    const login = await new ActionLogin(action, harbour).execute();
    expect((await login.answer(login.resultToken())).verdict).toBe('passed');
  });

  test.each<[string, object, LoginChange, string]>([
    ['ONLY, by id', { ONLY_ORGANIZATIONS: 'org_other, org_harbour' }, harbour, 'asked'],
    ['ONLY, by name', { ONLY_ORGANIZATIONS: 'harbour' }, harbour, 'asked'],
    ['ONLY, another', { ONLY_ORGANIZATIONS: 'org_other,Harbour,org' }, harbour, 'passes'],
    ['ONLY, without an organization', { ONLY_ORGANIZATIONS: 'org_harbour' }, {}, 'passes'],
    ['ONLY, if Auth0 gives neither id nor name', { ONLY_ORGANIZATIONS: 'undefined' }, { organization: {} }, 'passes'],
    ['EXCEPT, by id', { EXCEPT_ORGANIZATIONS: 'org_harbour' }, harbour, 'passes'],
    ['EXCEPT, another', { EXCEPT_ORGANIZATIONS: 'org_other' }, harbour, 'asked'],
    ['EXCEPT, without an organization', { EXCEPT_ORGANIZATIONS: 'org_harbour' }, {}, 'asked'],
  ])('%s', async (_, secrets, change, verdict) => {
    expect(await verdictOf({ ...change, secrets: { ...secrets } })).toBe(verdict);
    // An excluded user is still checked if the application requests it.
    expect(await verdictOf(asking({ ...change, secrets: { ...secrets } }))).toBe('asked');
  });
});

describe('roles', () => {
  const teller = { authorization: { roles: ['Branch teller', 'Staff'] } };

  test.each<[string, object, LoginChange, string]>([
    ['ONLY, one of several', { ONLY_ROLES: 'Administrator, Staff' }, teller, 'asked'],
    ['ONLY, with a blank in the name', { ONLY_ROLES: 'Branch teller' }, teller, 'asked'],
    ['ONLY, another', { ONLY_ROLES: 'staff,Branch' }, teller, 'passes'],
    ['ONLY, no roles known', { ONLY_ROLES: 'Staff' }, {}, 'passes'],
    ['ONLY, an empty list', { ONLY_ROLES: 'Staff' }, { authorization: { roles: [] } }, 'passes'],
    ['EXCEPT, one of several', { EXCEPT_ROLES: 'Staff' }, teller, 'passes'],
    ['EXCEPT, no roles known', { EXCEPT_ROLES: 'Staff' }, {}, 'asked'],
    ['ONLY and EXCEPT', { ONLY_ROLES: 'Staff', EXCEPT_ROLES: 'Branch teller' }, teller, 'passes'],
    [
      'matching role, other organization',
      { ONLY_ROLES: 'Staff', ONLY_ORGANIZATIONS: 'org_harbour' },
      { ...teller, organization: { id: 'org_other' } },
      'passes',
    ],
  ])('%s', async (_, secrets, change, verdict) => {
    expect(await verdictOf({ ...change, secrets: { ...secrets } })).toBe(verdict);
    expect(await verdictOf(asking({ ...change, secrets: { ...secrets } }))).toBe('asked');
  });

  test('the session token says that an excluded user was checked on demand', async () => {
    const login = await new ActionLogin(action, asking({ secrets: { ONLY_ROLES: 'Staff' } })).execute();
    expect(login.sessionClaims['mode']).toBe('on-demand');
  });
});

// The second is the setting's former name, which tenants still use.
describe.each(['ENROLL_AT_LOGIN', 'ENROL_AT_LOGIN'])(
  'enrollment that waits until an application requests it, %s=false',
  (name) => {
    const secrets = { [name]: 'false' };
    const enrolled = { user: { app_metadata: { [MARK]: NOW - DAY } } };

    test('a user who never had a face check passes without the claim', async () => {
      expect(await verdictOf({ secrets })).toBe('passes');
      expect(await verdictOf({ secrets, user: { app_metadata: {} } })).toBe('passes');
      expect(await verdictOf({ secrets, user: { app_metadata: { [MARK]: null } } })).toBe('passes');
      expect(await verdictOf({ secrets, user: { app_metadata: { verified_enrolled_int_other: NOW } } })).toBe('passes');
    });

    test('the first request of an application enrolls, and from then on every login is checked', async () => {
      const login = await new ActionLogin(action, asking({ secrets })).execute();
      await login.answer(login.resultToken({ res: 'enrolled', event: 'enrolled' }));
      expect(login.verdict).toBe('passed');
      expect(Object.fromEntries(login.effects.appMetadata)).toEqual({ [MARK]: NOW });
      expect(await verdictOf({ secrets, user: { app_metadata: Object.fromEntries(login.effects.appMetadata) } })).toBe(
        'asked',
      );
    });

    test('any value of the mark counts as enrolled, so that it fails closed', async () => {
      for (const mark of [0, '', false, 'no', {}, []]) {
        expect(await verdictOf({ secrets, user: { app_metadata: { [MARK]: mark } } })).toBe('asked');
      }
    });

    test('the mark is also written with the default setting, once, and only after a success', async () => {
      const first = await new ActionLogin(action).execute();
      await first.answer(first.resultToken());
      expect(first.effects.appMetadata.get(MARK)).toBe(NOW);
      const later = await new ActionLogin(action, enrolled).execute();
      expect((await later.answer(later.resultToken())).verdict).toBe('passed');
      expect(later.effects.appMetadata.size).toBe(0);
      const refused = await new ActionLogin(action).execute();
      await refused.answer(refused.resultToken({ res: 'no_match', event: null, vat: null }));
      expect(refused.effects.appMetadata.size).toBe(0);
    });

    test('a mark that cannot be written fails the login only if later logins depend on it', async () => {
      const faults = ['user.setAppMetadata'];
      const lenient = await new ActionLogin(action, { faults }).execute();
      expect((await lenient.answer(lenient.resultToken())).verdict).toBe('passed');
      const strict = await new ActionLogin(action, asking({ secrets, faults })).execute();
      expect((await strict.answer(strict.resultToken())).verdict).toBe('denied');
    });
  },
);

describe('an emergency bypass by the admin', () => {
  const allowed = { ALLOW_BYPASS: 'true' };
  const until = (value: unknown, secrets: object = allowed): LoginChange => ({
    secrets: { ...secrets },
    user: { app_metadata: { verified_bypass_until: value } },
  });

  test.each([NOW + 1, NOW + DAY, NOW + 7 * DAY])('until %i lets the user in, without the claim', async (time) => {
    expect(await verdictOf(until(time))).toBe('passes');
    expect(await verdictOf(asking(until(time)))).toBe('passes');
  });

  test('never sets the claim, even if a check would still count', async () => {
    const name = `https://authid.ai/methods/face/${INTEGRATION}`;
    const methods = [{ name, timestamp: new Date(NOW * 1000).toISOString() }];
    const change = { ...until(NOW + DAY, { ...allowed, FRESHNESS_SECONDS: '3600' }), authentication: { methods } };
    expect(await verdictOf(change)).toBe('passes');
  });

  test('applies to a refresh as well, also without the claim', async () => {
    const metadata = { [`verified_face_at_${INTEGRATION}`]: String(NOW) };
    const change = until(NOW + DAY, { ...allowed, STRICT_REFRESH: 'true' });
    const refresh = { transaction: { protocol: 'oauth2-refresh-token' }, refresh_token: { metadata } };
    expect(await verdictOf({ ...change, ...refresh })).toBe('passes');
  });

  test('is logged with a code, each time', async () => {
    await verdictOf(until(NOW + DAY));
    expect(action.lines).toEqual([
      expect.stringMatching(/^verified bypass [0-9A-Z]{4}-[0-9A-Z]{4} let in without a face by an admin$/),
    ]);
  });

  test('has no effect unless the setting allows it', async () => {
    expect(await verdictOf(until(NOW + DAY, {}))).toBe('asked');
    expect(await verdictOf(until('rubbish', {}))).toBe('asked');
    expect(action.lines).toEqual([]);
  });

  test.each([NOW, NOW - 1, 0])('is over at %i', async (time) => {
    expect(await verdictOf(until(time))).toBe('asked');
  });

  test.each([
    true,
    'yes',
    String(NOW + DAY),
    NOW + 7 * DAY + 1,
    NOW * 1000,
    1.5,
    Number.NaN,
    {},
    [NOW + DAY],
    '2030-03-18',
  ])('%j is not a bypass, and the log says that it is unusable', async (value) => {
    expect(await verdictOf(until(value))).toBe('asked');
    expect(action.lines.join()).toMatch(/^verified bypass_unusable /);
  });

  test('an entry for the integration takes precedence over the plain one, and does not apply to other integrations', async () => {
    const withEntries = (entries: object) => verdictOf({ secrets: allowed, user: { app_metadata: entries } });
    const ours = `verified_bypass_until_${INTEGRATION}`;
    expect(await withEntries({ [ours]: NOW + DAY })).toBe('passes');
    expect(await withEntries({ [ours]: NOW + DAY, verified_bypass_until: 0 })).toBe('passes');
    expect(await withEntries({ [ours]: 0, verified_bypass_until: NOW + DAY })).toBe('asked');
    expect(await withEntries({ verified_bypass_until_int_bbbbbbbbbbbbbbbbbbbb: NOW + DAY })).toBe('asked');
  });

  test('users cannot give it to themselves: user_metadata is ignored', async () => {
    expect(await verdictOf({ secrets: allowed, user: { user_metadata: { verified_bypass_until: NOW + DAY } } })).toBe(
      'asked',
    );
  });
});
