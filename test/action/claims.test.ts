import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DENY_CODES, OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { supportIdOf } from '../../contract/protocol/support-id.ts';
import { ActionLogin, INTEGRATION, type LoginChange, NAMESPACE, NOW, SECRET } from '../support/action-login.ts';
import { loadBuiltAction } from '../support/action-runner.ts';

const action = await loadBuiltAction();
const ACR = 'https://authid.ai/policies/multi-factor';

/** A login whose tokens already have these claims from an earlier Action. */
const withForeignClaims = (change: LoginChange = {}, namespace = NAMESPACE): ActionLogin => {
  const login = new ActionLogin(action, change);
  for (const token of [login.effects.idToken, login.effects.accessToken]) {
    token.set(`${namespace}amr`, 'MFA').set(`${namespace}face_at`, NOW).set(`${namespace}event`, 'verified');
    token.set('https://bank.example/roles', ['clerk']);
  }
  return login;
};
const ourClaims = (login: ActionLogin, namespace = NAMESPACE): unknown[] =>
  [login.effects.idToken, login.effects.accessToken].flatMap((token) =>
    ['amr', 'face_at', 'event'].map((name) => token.get(`${namespace}${name}`)),
  );
const NONE = [null, null, null, null, null, null];

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 }));
afterEach(() => void vi.useRealTimers());

describe("T25 another Action's amr claim does not survive", () => {
  test.each<[string, LoginChange]>([
    ['a challenge', {}],
    ['on demand without a request', { secrets: { MODE: 'on-demand' } }],
    ['a denial', { transaction: { protocol: 'oauth2-password' } }],
    [
      'a pass without browser',
      { transaction: { protocol: 'oauth2-password' }, secrets: { ALLOW_WITHOUT_BROWSER: 'true' } },
    ],
    ['a refresh without a check', { transaction: { protocol: 'oauth2-refresh-token' } }],
    ['a silent login', { request: { query: { prompt: 'none' } }, transaction: { prompt: ['none'] } }],
  ])('%s', async (_, change) => {
    const login = await withForeignClaims(change).execute();
    expect(ourClaims(login)).toEqual(NONE);
    expect(login.effects.idToken.get('https://bank.example/roles')).toEqual(['clerk']);
  });

  test.each(OUTCOMES.filter((outcome) => outcome !== 'verified' && outcome !== 'enrolled'))('%s', async (res) => {
    const source = await new ActionLogin(action).execute();
    const login = await withForeignClaims().answer(source.resultToken({ res, event: null, vat: null }));
    expect(ourClaims(login)).toEqual(NONE);
  });

  test('a success overwrites all three', async () => {
    const source = await new ActionLogin(action).execute();
    const token = source.resultToken({ res: 'enrolled', event: 'enrolled', vat: NOW - 3 });
    const login = await withForeignClaims().answer(token);
    expect(ourClaims(login)).toEqual(['MFA', NOW - 3, 'enrolled', 'MFA', NOW - 3, 'enrolled']);
  });

  test('claims are written in the configured namespace, and the default one is unchanged', async () => {
    const namespace = 'https://bank.example/face/';
    const login = await withForeignClaims({ secrets: { CLAIM_NAMESPACE: namespace } }, namespace).execute();
    expect(ourClaims(login, namespace)).toEqual(NONE);
    expect([...login.effects.idToken.keys()].some((name) => name.startsWith(NAMESPACE))).toBe(false);
  });
});

describe('denials', () => {
  const denialOf = async (res: string, until?: number): Promise<string> => {
    const login = await new ActionLogin(action).execute();
    await login.answer(login.resultToken({ res, event: null, vat: null, until }));
    return login.effects.denied[0] ?? '';
  };

  test('contain a stable code, a plain text and the support id of the login, in under 200 characters', async () => {
    const seen = new Set<string>();
    const texts = [await denialOf('bad word')];
    for (const outcome of OUTCOMES) {
      if (outcome === 'verified' || outcome === 'enrolled') continue;
      texts.push(await denialOf(outcome, NOW + 60));
      // Only a lock has an end.
      expect(texts.at(-1)?.includes('Try again at ')).toBe(outcome === 'locked');
    }
    const browserless = await new ActionLogin(action, { transaction: { protocol: 'oauth2-password' } }).execute();
    texts.push(browserless.effects.denied[0] ?? '');
    for (const text of texts) {
      expect(text).toMatch(/^face_[a-z_]+: [A-Z].*\. Support id [0-9A-Z]{4}-[0-9A-Z]{4}$/);
      expect(text.length).toBeLessThan(200);
      expect(text).toContain(supportIdOf('tx-1'));
      // RFC 6749 section 4.1.2.1: characters allowed in an error_description.
      expect(text).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      seen.add(text.split(':')[0] ?? '');
    }
    expect([...seen].sort()).toEqual([...DENY_CODES].sort());
  });

  test('no_match and not_live read the same, so nobody learns which check failed', async () => {
    expect(await denialOf('no_match')).toBe(await denialOf('not_live'));
  });

  test('a login without a transaction still has a support id, the same in text and log', async () => {
    action.lines.length = 0;
    const login = await new ActionLogin(action, { transaction: undefined }).execute();
    const [id] = /[0-9A-Z]{4}-[0-9A-Z]{4}$/.exec(login.effects.denied[0] ?? '') ?? [];
    expect(id).toBeDefined();
    expect(action.lines[0]).toContain(id);
  });
});

test('T71 log lines are short and contain nothing about the user, the token or the secret', async () => {
  const personal = fc.string({ minLength: 12, maxLength: 40, unit: fc.constantFrom(...'abcXYZ09@.|') });
  const protocol = fc.oneof(
    fc.constantFrom('oidc-basic-profile', 'oauth2-password'),
    fc.string({ maxLength: 400 }),
    fc.constant('x'.repeat(400)),
  );
  await fc.assert(
    fc.asyncProperty(personal, protocol, fc.string({ maxLength: 300 }), async (secretText, flow, rubbish) => {
      action.lines.length = 0;
      const change = {
        user: { user_id: secretText, email: secretText, name: secretText },
        client: { name: secretText },
        transaction: { protocol: flow },
        secrets: { DEBUG: 'true' },
      };
      const login = await new ActionLogin(action, change).execute();
      const token = login.effects.redirects.length > 0 ? login.resultToken({ res: rubbish }) : rubbish;
      await new ActionLogin(action, change).answer(token);
      expect(action.lines.length).toBeGreaterThanOrEqual(2);
      for (const line of action.lines) {
        expect(line.length).toBeLessThan(256);
        expect(line).not.toContain(SECRET);
        expect(line).not.toContain(secretText);
        expect(line).not.toContain('eyJ');
      }
    }),
    { numRuns: 100 },
  );
});

describe('the tenant has its own multi-factor authentication', () => {
  const both = { authentication: { methods: [{ name: 'pwd' }, { name: 'mfa', type: 'otp' }] } };
  const skip = { SKIP_TENANT_MFA: 'true' };
  const METHOD = `https://authid.ai/methods/face/${INTEGRATION}`;

  test('by default it is unchanged, and so are other methods of the login', async () => {
    const login = await new ActionLogin(action, { ...both, transaction: { acr_values: [ACR] } }).execute();
    await login.answer(login.resultToken());
    expect(login.verdict).toBe('passed');
    expect(login.effects.multifactor).toEqual([]);
    expect(login.effects.methods).toEqual([METHOD]);
  });

  test('SKIP_TENANT_MFA skips it after a face check, never before one', async () => {
    const login = await new ActionLogin(action, { ...both, secrets: skip }).execute();
    expect(login.effects.multifactor).toEqual([]);
    await login.answer(login.resultToken());
    expect(login.effects.multifactor).toEqual(['none']);
  });

  test('SKIP_TENANT_MFA applies to a check that still counts', async () => {
    const methods = [{ name: METHOD, timestamp: new Date((NOW - 60) * 1000).toISOString() }];
    const secrets = { ...skip, FRESHNESS_SECONDS: '300' };
    const login = await new ActionLogin(action, { authentication: { methods }, secrets }).execute();
    expect(login.effects.multifactor).toEqual(['none']);
  });

  test.each<[string, LoginChange]>([
    ['an application that did not request the check', { secrets: { ...skip, MODE: 'on-demand' } }],
    ['an excluded application', { secrets: { ...skip, EXCEPT_CLIENTS: 'bank' } }],
    [
      'a bypass',
      { secrets: { ...skip, ALLOW_BYPASS: 'true' }, user: { app_metadata: { verified_bypass_until: NOW + 60 } } },
    ],
    ['a user whose enrollment waits', { secrets: { ...skip, ENROLL_AT_LOGIN: 'false' } }],
    [
      'a refresh',
      {
        secrets: skip,
        transaction: { protocol: 'oauth2-refresh-token' },
        refresh_token: { metadata: { [`verified_face_at_${INTEGRATION}`]: String(NOW) } },
      },
    ],
  ])('SKIP_TENANT_MFA changes nothing for %s', async (_, change) => {
    const login = await new ActionLogin(action, change).execute();
    expect(login.effects.denied).toEqual([]);
    expect(login.effects.multifactor).toEqual([]);
  });

  test('SKIP_TENANT_MFA changes nothing if the face was refused', async () => {
    const login = await new ActionLogin(action, { secrets: skip }).execute();
    await login.answer(login.resultToken({ res: 'no_match', event: null, vat: null }));
    expect(login.effects.multifactor).toEqual([]);
  });

  test('if it cannot be skipped the user passes both, and the login continues', async () => {
    const login = await new ActionLogin(action, { secrets: skip, faults: ['multifactor.enable'] }).execute();
    expect((await login.answer(login.resultToken())).verdict).toBe('passed');
  });
});

describe('an assertion of SAML and WS-Fed contains the same as a token', () => {
  const attributesOf = ({ effects }: ActionLogin): unknown[] =>
    ['amr', 'face_at', 'event'].map((name) => effects.attributes.get(`${NAMESPACE}${name}`));

  test.each(['samlp', 'wsfed'])('%s', async (protocol) => {
    const login = await new ActionLogin(action, { transaction: { protocol } }).execute();
    // Null removes what an earlier Action wrote there.
    expect(attributesOf(login)).toEqual([null, null, null]);
    await login.answer(login.resultToken());
    expect(attributesOf(login)).toEqual(['MFA', NOW, 'verified']);
  });

  test('other protocols have no assertion', async () => {
    const login = await new ActionLogin(action).execute();
    await login.answer(login.resultToken());
    expect(login.effects.attributes.size).toBe(0);
  });

  test('a refused face leaves no attribute', async () => {
    const login = await new ActionLogin(action, { transaction: { protocol: 'samlp' } }).execute();
    await login.answer(login.resultToken({ res: 'not_live', event: null, vat: null }));
    expect(attributesOf(login)).toEqual([null, null, null]);
  });
});
