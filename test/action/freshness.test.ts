import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionLogin, INTEGRATION, type LoginChange, NAMESPACE, NOW } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const METHOD = `https://authid.ai/methods/face/${INTEGRATION}`;
const ACR = 'https://authid.ai/policies/multi-factor';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

/** A login in a browser session whose face check is `ageSeconds` old. */
const checkedAgo = (ageSeconds: number): LoginChange => ({
  authentication: { methods: [{ name: METHOD, timestamp: new Date((NOW - ageSeconds) * 1000).toISOString() }] },
});
const asking = { transaction: { acr_values: ['urn:example:loa2', ACR] } };

/** The time in the claim, or `asked` if a new check is required. */
const faceAt = async (change: LoginChange): Promise<unknown> => {
  const { effects } = await new ActionLogin(action, change).execute();
  expect(effects.denied).toEqual([]);
  return effects.redirects.length > 0 ? 'asked' : effects.idToken.get(`${NAMESPACE}face_at`);
};
/** The greatest age, in seconds, that still counts; null if none does. */
const windowOf = async (change: LoginChange): Promise<number | null> => {
  const ages = [0, 1, 59, 60, 61, 299, 300, 301, 3599, 3600];
  let oldest: number | null = null;
  for (const age of ages) if ((await faceAt({ ...change, ...checkedAgo(age) })) === NOW - age) oldest = age;
  return oldest;
};

describe('T24 the maximum age of a face check when the application requests one', () => {
  const stepUp = { MODE: 'on-demand', STEP_UP_FRESHNESS_SECONDS: '300' };

  test.each<[string, LoginChange, number | null]>([
    ['no setting: a new check each time', { secrets: { MODE: 'on-demand' } }, null],
    ['no setting, whatever the window of mode always', { secrets: { FRESHNESS_SECONDS: '3600' } }, null],
    ['STEP_UP_FRESHNESS_SECONDS', { secrets: stepUp }, 299],
    ['in mode always the shorter of both', { secrets: { ...stepUp, MODE: 'always', FRESHNESS_SECONDS: '60' } }, 59],
    ['in mode always without its own window', { secrets: { ...stepUp, MODE: 'always' } }, null],
    ['max_age, shorter', { secrets: stepUp, request: { query: { max_age: '60' } } }, 59],
    ['max_age in a posted request', { secrets: stepUp, request: { body: { max_age: '60' } } }, 59],
    ['max_age=0: now', { secrets: stepUp, request: { query: { max_age: '0' } } }, null],
  ])('%s', async (_, change, oldest) => {
    expect(await windowOf({ ...asking, ...change })).toBe(oldest);
  });

  test('T23 a longer max_age, which the browser controls, widens no window', async () => {
    for (const max_age of ['301', '99999999', '999999999']) {
      const request = { query: { max_age } };
      expect(await windowOf({ ...asking, secrets: stepUp, request })).toBe(299);
      expect(await windowOf({ ...asking, secrets: { MODE: 'on-demand' }, request })).toBeNull();
    }
  });

  test.each(['', '-1', '1e9', '3600.0', ' 60', 'Infinity', ['60'], 60, {}])(
    'max_age %j is invalid, so a new check is required',
    async (max_age) => {
      expect(await windowOf({ ...asking, secrets: stepUp, request: { query: { max_age } } })).toBeNull();
    },
  );

  test('T23 adding acr_values in the browser never avoids the check of mode always', async () => {
    const secrets = { MODE: 'always', STEP_UP_FRESHNESS_SECONDS: '3600' };
    expect(await windowOf({ ...asking, secrets })).toBeNull();
    expect(await windowOf({ secrets })).toBeNull();
  });

  test('a check that still counts is claimed with its time and without an event of this login', async () => {
    const { effects } = await new ActionLogin(action, { ...asking, ...checkedAgo(120), secrets: stepUp }).execute();
    for (const token of [effects.idToken, effects.accessToken]) {
      expect(['amr', 'face_at', 'event'].map((name) => token.get(`${NAMESPACE}${name}`))).toEqual([
        'MFA',
        NOW - 120,
        null,
      ]);
    }
  });

  test('on demand, without a request, an earlier check is not claimed', async () => {
    expect(await faceAt({ ...checkedAgo(1), secrets: { ...stepUp, FRESHNESS_SECONDS: '3600' } })).toBeNull();
  });
});

describe('max_age shortens the window of mode always too', () => {
  test.each([
    [undefined, 299],
    ['60', 59],
    ['3600', 299],
    ['0', null],
  ])('max_age %j', async (max_age, oldest) => {
    const request = { query: max_age === undefined ? {} : { max_age } };
    expect(await windowOf({ secrets: { FRESHNESS_SECONDS: '300' }, request })).toBe(oldest);
  });
});

describe('windows of one application, from its metadata', () => {
  test.each<[string, LoginChange, number | null]>([
    ['shorter than the tenant', { client: { metadata: { verified_freshness_seconds: '60' } } }, 59],
    ['longer than the tenant', { client: { metadata: { verified_freshness_seconds: '3600' } } }, 3599],
    ['none at all', { client: { metadata: { verified_freshness_seconds: '0' } } }, null],
    [
      'of this integration, before the plain one',
      {
        client: {
          metadata: { [`verified_freshness_seconds_${INTEGRATION}`]: '60', verified_freshness_seconds: '3600' },
        },
      },
      59,
    ],
    [
      'of another integration',
      { client: { metadata: { verified_freshness_seconds_int_bbbbbbbbbbbbbbbbbbbb: '60' } } },
      299,
    ],
    ['of another application', { client: { metadata: { freshness: '60' } } }, 299],
  ])('%s', async (_, change, oldest) => {
    expect(await windowOf({ secrets: { FRESHNESS_SECONDS: '300' }, ...change })).toBe(oldest);
  });

  test('for a step-up', async () => {
    const metadata = { verified_mode: 'on-demand', verified_step_up_freshness_seconds: '60' };
    expect(await windowOf({ ...asking, client: { metadata } })).toBe(59);
  });

  test.each(['no', '-1', '1h', '2592001', 60, true, ['60'], {}])('%j is refused rather than guessed', async (value) => {
    for (const name of ['verified_freshness_seconds', 'verified_step_up_freshness_seconds']) {
      const login = await new ActionLogin(action, { client: { metadata: { [name]: value } } }).execute();
      expect(login.denyCode).toBe('face_configuration');
      expect(login.effects.redirects).toEqual([]);
    }
  });
});
