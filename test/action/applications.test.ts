import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionLogin, INTEGRATION, type LoginChange, NAMESPACE, NOW } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const ACR = 'https://authid.ai/policies/multi-factor';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

/** `asked`: sent to the face check; `no claim`: passes with cleared claims; `left alone`: passes unchanged. */
const verdictOf = async (change: LoginChange): Promise<string> => {
  const { effects, denyCode } = await new ActionLogin(action, change).execute();
  if (denyCode !== null) return denyCode;
  if (effects.redirects.length > 0) return 'asked';
  if (effects.idToken.get(`${NAMESPACE}amr`) === null) return 'no claim';
  expect([effects.idToken.size, effects.accessToken.size, effects.attributes.size]).toEqual([0, 0, 0]);
  return 'left alone';
};

describe('the lists of applications', () => {
  test.each<[string, object, string]>([
    ['no list', {}, 'asked'],
    ['ONLY_CLIENTS with it', { ONLY_CLIENTS: 'shop, bank' }, 'asked'],
    ['ONLY_CLIENTS without it', { ONLY_CLIENTS: 'shop,BANK,banks' }, 'left alone'],
    ['EXCEPT_CLIENTS with it', { EXCEPT_CLIENTS: 'bank' }, 'left alone'],
    ['EXCEPT_CLIENTS without it', { EXCEPT_CLIENTS: 'shop' }, 'asked'],
    ['both, which leaves it out', { ONLY_CLIENTS: 'bank', EXCEPT_CLIENTS: 'bank' }, 'left alone'],
    ['blank lists', { ONLY_CLIENTS: ' ', EXCEPT_CLIENTS: '' }, 'asked'],
  ])('%s', async (_, secrets, verdict) => {
    expect(await verdictOf({ secrets: { ...secrets } })).toBe(verdict);
  });
});

describe('metadata of the application, verified_mode', () => {
  test.each<[string, object, string]>([
    ['off', {}, 'left alone'],
    ['off', { ONLY_CLIENTS: 'bank' }, 'left alone'],
    ['always', { MODE: 'on-demand' }, 'asked'],
    ['always', { EXCEPT_CLIENTS: 'bank' }, 'asked'],
    ['on-demand', {}, 'no claim'],
  ])('%s takes precedence over %j', async (mode, secrets, verdict) => {
    expect(await verdictOf({ client: { metadata: { verified_mode: mode } }, secrets: { ...secrets } })).toBe(verdict);
  });

  test.each(['no', 'false', 'Off', 'OFF', ' off', '', 'on_demand', 'true', '1', 0, false, ['off'], {}])(
    '%j is refused rather than guessed',
    async (mode) => {
      expect(await verdictOf({ client: { metadata: { verified_mode: mode } } })).toBe('face_configuration');
    },
  );

  test('an entry for the integration takes precedence over the plain one, and does not apply to others', async () => {
    const entry = `verified_mode_${INTEGRATION}`;
    const foreign = 'verified_mode_int_bbbbbbbbbbbbbbbbbbbb';
    const at = (metadata: object, secrets: object = {}) => verdictOf({ client: { metadata }, secrets: { ...secrets } });
    expect(await at({ [entry]: 'off', verified_mode: 'always' })).toBe('left alone');
    expect(await at({ [entry]: 'always', verified_mode: 'off' })).toBe('asked');
    expect(await at({ [foreign]: 'off' })).toBe('asked');
    expect(await at({ [foreign]: 'always' }, { EXCEPT_CLIENTS: 'bank' })).toBe('left alone');
    expect(await at({ [entry]: 'no' })).toBe('face_configuration');
  });

  test('other metadata, and none at all, change nothing', async () => {
    for (const metadata of [undefined, {}, { mode: 'off', Verified_Mode: 'off' }, { verified_mode: undefined }]) {
      expect(await verdictOf({ client: { metadata } })).toBe('asked');
    }
  });

  test('on-demand still asks if the app requests it, and the token says so', async () => {
    const client = { metadata: { verified_mode: 'on-demand' } };
    const login = await new ActionLogin(action, { client, transaction: { acr_values: [ACR] } }).execute();
    expect(login.sessionClaims['mode']).toBe('on-demand');
  });

  test('off stays off if the app requests it: without the claim the app sees that no face was checked', async () => {
    const client = { metadata: { verified_mode: 'off' } };
    expect(await verdictOf({ client, transaction: { acr_values: [ACR] } })).toBe('left alone');
  });

  test('off applies to every flow', async () => {
    const client = { metadata: { verified_mode: 'off' } };
    for (const protocol of ['oauth2-password', 'oauth2-refresh-token', 'some-new-protocol', undefined]) {
      expect(await verdictOf({ client, transaction: { protocol }, secrets: { STRICT_REFRESH: 'true' } })).toBe(
        'left alone',
      );
    }
  });

  test('an answer that arrives after the mode was turned off is still checked', async () => {
    const login = await new ActionLogin(action).execute();
    const token = login.resultToken();
    const off = { client: { metadata: { verified_mode: 'off' } } };
    expect((await new ActionLogin(action, off).answer(token)).verdict).toBe('passed');
    expect((await new ActionLogin(action, off).answer(`${token}x`)).verdict).toBe('denied');
  });
});
