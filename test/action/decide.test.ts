import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionLogin, INTEGRATION, type LoginChange, NAMESPACE, NOW } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const METHOD = `https://authid.ai/methods/face/${INTEGRATION}`;
const ACR = 'https://authid.ai/policies/multi-factor';
const HOUR = 3600;

const BROWSER = [
  'oidc-basic-profile',
  'oidc-implicit-profile',
  'oidc-hybrid-profile',
  'samlp',
  'wsfed',
  'oauth2-device-code',
  'oidc-ciba-web-link',
];
const BROWSERLESS = [
  'oauth2-password',
  'oauth2-resource-owner',
  'oauth2-resource-owner-jwt-bearer',
  'oauth2-access-token',
  'oauth2-token-exchange',
  'oauth2-webauthn',
  'oidc-ciba',
  'wstrust-usernamemixed',
];
const UNKNOWN = ['oauth3', 'OIDC-BASIC-PROFILE', 'oidc-basic-profile ', '', 'constructor', 7, null, undefined];

const at = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString();
const record = (ageSeconds: number, name: string = METHOD) => ({ name, timestamp: at(NOW - ageSeconds) });
const withRecords = (...methods: unknown[]) => ({ authentication: { methods } });
const hourFresh = { FRESHNESS_SECONDS: String(HOUR) };
const onDemand = { MODE: 'on-demand' };

type Verdict = 'challenge' | 'pass without claim' | 'pass with claim' | `deny ${string}`;

const run = async (change: LoginChange = {}): Promise<{ verdict: Verdict; login: ActionLogin }> => {
  const login = await new ActionLogin(action, change).execute();
  const { denied, redirects, idToken, accessToken } = login.effects;
  const claims = [idToken, accessToken].map((token) => token.get(`${NAMESPACE}amr`));
  const hasClaim = claims.every((claim) => claim === 'MFA');
  if (!hasClaim) expect(claims.every((claim) => claim === null || denied.length > 0)).toBe(true);
  expect(login.effects.methods).toEqual([]);
  expect(denied.length + redirects.length).toBeLessThanOrEqual(1);
  if (hasClaim) expect(denied.length + redirects.length).toBe(0);
  if (redirects.length > 0) return { verdict: 'challenge', login };
  if (denied.length > 0) return { verdict: `deny ${login.denyCode}`, login };
  return { verdict: hasClaim ? 'pass with claim' : 'pass without claim', login };
};
const verdictOf = async (change: LoginChange = {}): Promise<Verdict> => (await run(change)).verdict;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

describe('T21 T22 every protocol, whatever prompt and record', () => {
  const situations: [string, LoginChange][] = [
    ['no record', {}],
    ['stale record', { ...withRecords(record(HOUR)), secrets: hourFresh }],
    ['fresh record', { ...withRecords(record(60)), secrets: hourFresh }],
    ['ALLOW_WITHOUT_BROWSER', { secrets: { ALLOW_WITHOUT_BROWSER: 'true' } }],
    ['on demand, not asked', { secrets: onDemand }],
    ['on demand, asked', { secrets: onDemand, transaction: { acr_values: [ACR] } }],
  ];
  const kinds: [string, readonly unknown[]][] = [
    ['browser', BROWSER],
    ['no browser', BROWSERLESS],
    ['unknown', UNKNOWN],
    ['refresh', ['oauth2-refresh-token']],
  ];

  test('is decided as this table says', async () => {
    const table: Record<string, string> = {};
    for (const [kind, protocols] of kinds) {
      for (const [situation, change] of situations) {
        const verdicts = new Set<string>();
        for (const protocol of protocols) {
          for (const prompt of [[], ['none'], ['login']]) {
            const request = { query: prompt.length === 0 ? {} : { prompt: prompt[0] } };
            verdicts.add(
              await verdictOf({ ...change, request, transaction: { ...change.transaction, protocol, prompt } }),
            );
          }
        }
        table[`${kind}, ${situation}`] = [...verdicts].join(' or ');
      }
    }
    expect(table).toMatchInlineSnapshot(`
      {
        "browser, ALLOW_WITHOUT_BROWSER": "challenge",
        "browser, fresh record": "pass with claim",
        "browser, no record": "challenge",
        "browser, on demand, asked": "challenge",
        "browser, on demand, not asked": "pass without claim",
        "browser, stale record": "challenge",
        "no browser, ALLOW_WITHOUT_BROWSER": "pass without claim",
        "no browser, fresh record": "deny face_interaction_required",
        "no browser, no record": "deny face_interaction_required",
        "no browser, on demand, asked": "deny face_interaction_required",
        "no browser, on demand, not asked": "pass without claim",
        "no browser, stale record": "deny face_interaction_required",
        "refresh, ALLOW_WITHOUT_BROWSER": "pass without claim",
        "refresh, fresh record": "pass without claim",
        "refresh, no record": "pass without claim",
        "refresh, on demand, asked": "pass without claim",
        "refresh, on demand, not asked": "pass without claim",
        "refresh, stale record": "pass without claim",
        "unknown, ALLOW_WITHOUT_BROWSER": "deny face_interaction_required",
        "unknown, fresh record": "deny face_interaction_required",
        "unknown, no record": "deny face_interaction_required",
        "unknown, on demand, asked": "deny face_interaction_required",
        "unknown, on demand, not asked": "pass without claim",
        "unknown, stale record": "deny face_interaction_required",
      }
    `);
  });

  test('a login without a transaction, or without its id, is denied, since no answer could be bound to it', async () => {
    expect(await verdictOf({ transaction: undefined })).toBe('deny face_interaction_required');
    expect(await verdictOf({ transaction: { id: undefined } })).toBe('deny face_interaction_required');
    expect(await verdictOf({ transaction: { id: '' } })).toBe('deny face_interaction_required');
    const lenient = { ALLOW_WITHOUT_BROWSER: 'true' };
    expect(await verdictOf({ transaction: undefined, secrets: lenient })).toBe('deny face_interaction_required');
  });
});

test('lists that Auth0 leaves out are empty lists', async () => {
  expect(await verdictOf({ transaction: { acr_values: undefined, metadata: undefined } })).toBe('challenge');
  expect(await verdictOf({ authentication: undefined, secrets: hourFresh })).toBe('challenge');
  expect(await verdictOf({ authentication: {}, secrets: hourFresh })).toBe('challenge');
  expect(await verdictOf({ user: { email: undefined, name: undefined }, client: { name: undefined } })).toBe(
    'challenge',
  );
});

test('T21 a silent login is sent out all the same, so that Auth0 answers interaction_required', async () => {
  const silent = { request: { query: { prompt: 'none' } }, transaction: { prompt: ['none'] } };
  expect(await verdictOf(silent)).toBe('challenge');
  expect(await verdictOf({ ...silent, ...withRecords(record(HOUR)), secrets: hourFresh })).toBe('challenge');
  expect(await verdictOf({ ...silent, ...withRecords(record(HOUR - 1)), secrets: hourFresh })).toBe('pass with claim');
});

test('T21 a denied face check leaves nothing that would let a silent login pass', async () => {
  const denied = await new ActionLogin(action).execute();
  await denied.answer(denied.resultToken({ res: 'no_match', event: null, vat: null }));
  expect(denied.effects.methods).toEqual([]);
  const others = [
    { name: 'pwd', timestamp: at(NOW) },
    { name: 'mfa', type: 'otp', timestamp: at(NOW) },
  ];
  expect(await verdictOf({ ...withRecords(...others), secrets: hourFresh })).toBe('challenge');
});

describe('T24 records of an earlier face check', () => {
  test('freshness 0, the default, requires a check at every login', async () => {
    expect(await verdictOf(withRecords(record(0)))).toBe('challenge');
    expect(await verdictOf({ ...withRecords(record(0)), secrets: { FRESHNESS_SECONDS: '0' } })).toBe('challenge');
  });

  test('a second app within the window passes with the time of the check, and without an event', async () => {
    const { verdict, login } = await run({
      ...withRecords(record(60)),
      secrets: hourFresh,
      client: { client_id: 'second-app' },
    });
    expect(verdict).toBe('pass with claim');
    expect(login.effects.idToken.get(`${NAMESPACE}face_at`)).toBe(NOW - 60);
    expect(login.effects.idToken.get(`${NAMESPACE}event`)).toBeNull();
    expect(login.effects.refreshMetadata.get(`verified_face_at_${INTEGRATION}`)).toBe(String(NOW - 60));
  });

  test('the window ends to the second', async () => {
    expect(await verdictOf({ ...withRecords(record(HOUR - 1)), secrets: hourFresh })).toBe('pass with claim');
    expect(await verdictOf({ ...withRecords(record(HOUR)), secrets: hourFresh })).toBe('challenge');
  });

  test('the URL counts under name and under url, the newest of several decides', async () => {
    const url = { url: METHOD, timestamp: at(NOW - 5) };
    expect(await verdictOf({ ...withRecords(url), secrets: hourFresh })).toBe('pass with claim');
    const { login } = await run({ ...withRecords(record(1800), record(30), record(900)), secrets: hourFresh });
    expect(login.effects.idToken.get(`${NAMESPACE}face_at`)).toBe(NOW - 30);
  });

  test.each([
    ['another integration', 'https://authid.ai/methods/face/int_bbbbbbbbbbbbbbbbbbbb'],
    ['a longer URL', `${METHOD}x`],
    ['no integration', 'https://authid.ai/methods/face/'],
    ['another factor', 'mfa'],
  ])('a record of %s never counts', async (_, name) => {
    expect(await verdictOf({ ...withRecords(record(5, name)), secrets: hourFresh })).toBe('challenge');
  });

  test.each([
    ['an offset', '2030-03-17T19:46:10+02:00', 'pass with claim'],
    ['30 s of clock difference', at(NOW + 30), 'pass with claim'],
    ['the future', at(NOW + 31), 'challenge'],
    ['garbage', 'yesterday', 'challenge'],
    ['a number', NOW, 'challenge'],
    ['nothing', undefined, 'challenge'],
  ])('a time with %s', async (_, timestamp, verdict) => {
    const method = { name: METHOD, timestamp };
    expect(await verdictOf({ ...withRecords(method), secrets: hourFresh })).toBe(verdict);
  });

  test.each([null, 'text', 7, [], {}])('the record %j is ignored', async (method) => {
    expect(await verdictOf({ ...withRecords(method), secrets: hourFresh })).toBe('challenge');
  });

  test('an app that requests the face check now gets a new one, in either mode', async () => {
    for (const mode of ['always', 'on-demand']) {
      const change = { ...withRecords(record(1)), secrets: { ...hourFresh, MODE: mode } };
      expect(await verdictOf({ ...change, transaction: { acr_values: [ACR] } })).toBe('challenge');
    }
  });
});

describe('T23 on demand', () => {
  test.each([
    ['nothing', []],
    ['another policy', ['urn:example:loa3']],
    ["Auth0's own policy", ['http://schemas.openid.net/pape/policies/2007/06/multi-factor']],
    ['almost the right policy', [`${ACR}/`, ACR.toUpperCase()]],
  ])('%s in acr_values passes without the claim, so the app sees that no face was checked', async (_, acr_values) => {
    expect(await verdictOf({ secrets: onDemand, transaction: { acr_values } })).toBe('pass without claim');
    const fresh = { ...withRecords(record(1)), secrets: { ...onDemand, ...hourFresh } };
    expect(await verdictOf({ ...fresh, transaction: { acr_values } })).toBe('pass without claim');
  });

  test('the policy among several requires the check, and the token says so', async () => {
    const acr_values = ['urn:example:loa3', ACR];
    const { verdict, login } = await run({ secrets: onDemand, transaction: { acr_values } });
    expect(verdict).toBe('challenge');
    expect(login.sessionClaims['mode']).toBe('on-demand');
  });
});

describe('T22 refresh tokens', () => {
  const refresh = (metadata: object | undefined, secrets: object = {}, access = 'offline'): LoginChange => ({
    transaction: { id: undefined, protocol: 'oauth2-refresh-token' },
    refresh_token: { access, metadata },
    secrets: { ...secrets },
  });
  const key = `verified_face_at_${INTEGRATION}`;

  test('carry the time of the check of their login, however long ago', async () => {
    const { verdict, login } = await run(refresh({ [key]: String(NOW - 86_400) }));
    expect(verdict).toBe('pass with claim');
    expect(login.effects.accessToken.get(`${NAMESPACE}face_at`)).toBe(NOW - 86_400);
    expect(login.effects.accessToken.get(`${NAMESPACE}event`)).toBeNull();
  });

  test.each([
    ['no metadata', undefined],
    ['empty metadata', {}],
    ['the time of another integration', { verified_face_at_int_bbbbbbbbbbbbbbbbbbbb: String(NOW) }],
    ['an invalid time', { [key]: 'true' }],
    ['a number of days', { [key]: '21990' }],
    ['milliseconds', { [key]: String(NOW * 1000) }],
    ['a number', { [key]: NOW }],
    ['the future', { [key]: String(NOW + 31) }],
  ])('with %s pass without the claim, and not at all under STRICT_REFRESH', async (_, metadata) => {
    expect(await verdictOf(refresh(metadata))).toBe('pass without claim');
    expect(await verdictOf(refresh(metadata, { STRICT_REFRESH: 'true' }))).toBe('deny face_interaction_required');
  });

  test('with a check pass under STRICT_REFRESH too', async () => {
    expect(await verdictOf(refresh({ [key]: String(NOW) }, { STRICT_REFRESH: 'true' }))).toBe('pass with claim');
  });
});

test('T22 a password grant is denied, or passes without the claim if the admin opted for that', async () => {
  const change = { transaction: { protocol: 'oauth2-password' } };
  expect(await verdictOf(change)).toBe('deny face_interaction_required');
  expect(await verdictOf({ ...change, secrets: { ALLOW_WITHOUT_BROWSER: 'true' } })).toBe('pass without claim');
});
