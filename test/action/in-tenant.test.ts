import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantOptions } from '../../local/tenant/start-tenant.ts';
import {
  answerFaceCheck,
  builtAction,
  builtActionWorld,
  FACE_CLAIMS,
  faceCheckAnswer,
  isAtFaceCheck,
} from '../local/tenant/built-action.ts';
import {
  ALICE,
  API,
  type App,
  BOB,
  errorOf,
  logIn,
  ORGANIZATION,
  type TenantWorld,
  tenantWorld,
} from '../local/tenant/tenant-world.ts';
import { OTHER_SECRET, SECRET } from '../support/action-login.ts';
import { type BrowserlessAgent, loopbackFetch, type Page } from '../support/browserless-agent.ts';

const [AMR = '', FACE_AT = '', EVENT = ''] = FACE_CLAIMS;
const ACR = 'https://authid.ai/policies/multi-factor';
const LOGIN_HOST = 'login.localhost';

/** One that checks at every login; a second one whose checks count for an hour; a third that checks on demand. */
let always: TenantWorld;
let windowed: TenantWorld;
let onDemand: TenantWorld;
const worlds: TenantWorld[] = [];
const open = async (settings: Record<string, string>, options: Partial<TenantOptions> = {}): Promise<TenantWorld> => {
  const world = await builtActionWorld(settings, options);
  worlds.push(world);
  return world;
};
beforeAll(async () => {
  [always, windowed, onDemand] = await Promise.all([
    open({}, { customDomains: [LOGIN_HOST] }),
    open({ FRESHNESS_SECONDS: '3600' }),
    open({ MODE: 'on-demand' }),
  ]);
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

const answer = (world: TenantWorld, browser: BrowserlessAgent, page: Page, change: object = {}) =>
  answerFaceCheck(browser, page, world.issuer, change);
/** Logs in with password and face; returns the tokens. */
const loginWithFace = async (
  world: TenantWorld,
  browser: BrowserlessAgent,
  parameters: Record<string, string> = {},
) => {
  const login = await world.begin(parameters);
  return world.redeem(login, await answer(world, browser, await logIn(browser, login)));
};
const claimsOf = (tokens: oidc.TokenEndpointResponseHelpers): Record<string, unknown> => ({ ...tokens.claims() });
/** Another login of a browser with a session; ends at the face check or at the app. */
const again = async (
  world: TenantWorld,
  browser: BrowserlessAgent,
  parameters: Record<string, string> = {},
  app: App = 'bank',
) => {
  const login = await world.begin(parameters, app);
  const page = await browser.open(login.url);
  return {
    login,
    page,
    claims: async (): Promise<Record<string, unknown>> => claimsOf(await world.redeem(login, page)),
  };
};

describe('flows in a tenant', () => {
  const fragmentOf = (page: Page) => Object.fromEntries(new URLSearchParams(page.url.hash.slice(1)));

  test.each(['id_token', 'id_token token', 'code id_token'])(
    '%s: the face check, then the claim',
    async (response_type) => {
      const browser = always.browser();
      const login = await always.begin({ response_type, scope: 'openid', audience: API });
      const page = await answer(always, browser, await logIn(browser, login));
      expect(decodeJwt(fragmentOf(page)['id_token'] ?? '')[AMR]).toBe('MFA');
    },
  );

  test('the access token of an API carries the claims too', async () => {
    const tokens = await loginWithFace(always, always.browser(), { audience: API, scope: 'openid read:balance' });
    const claims = decodeJwt(tokens.access_token);
    expect([claims[AMR], claims[FACE_AT], claims[EVENT]]).toEqual(['MFA', expect.any(Number), 'verified']);
  });

  test('device code: the user who confirms at /activate has to pass the face check', async () => {
    const client = { client_id: 'bank', client_secret: 'bank-secret-of-more-than-32-characters' };
    const begun = (await (
      await loopbackFetch(new URL('oauth/device/code', always.issuer), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...client, scope: 'openid' }).toString(),
      })
    ).json()) as Record<string, string>;
    const browser = always.browser();
    const asked = await browser.submit(await browser.open(String(begun['verification_uri_complete'])));
    const form = await browser.submit(asked);
    const check = await browser.submit(form, { email: ALICE.email, password: ALICE.password });
    await answer(always, browser, check);
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const { body } = await always.askToken({ grant_type, device_code: String(begun['device_code']) });
    expect(decodeJwt(String(body['id_token']))[AMR]).toBe('MFA');
  });

  test('token exchange has no browser, so it is denied', async () => {
    const tokens = await loginWithFace(always, always.browser());
    const { body } = await always.askToken({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: tokens.id_token ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      scope: 'openid',
    });
    expect(body['error']).toBe('access_denied');
    expect(body['error_description']).toMatch(/^face_interaction_required: /);
  });

  test('client credentials do not run the Action', async () => {
    const { status } = await always.askToken({ grant_type: 'client_credentials', audience: API });
    expect(status).toBe(200);
  });
});

describe('T21 a silent login', () => {
  test('without a face check of this session ends in interaction_required, although Auth0 has a session', async () => {
    const browser = always.browser();
    const login = await always.begin();
    const refused = await answer(always, browser, await logIn(browser, login), {
      res: 'no_match',
      event: null,
      vat: null,
    });
    expect(errorOf(refused)?.[0]).toBe('access_denied');
    expect(errorOf((await again(always, browser, { prompt: 'none' })).page)?.[0]).toBe('interaction_required');
  });

  test('within the window gets the claim', async () => {
    const browser = windowed.browser();
    const first = claimsOf(await loginWithFace(windowed, browser));
    const silent = await again(windowed, browser, { prompt: 'none' });
    // The record carries the tenant's time of the answer, the first token the time of the check.
    const claims = await silent.claims();
    expect([claims[AMR], claims[EVENT] ?? null]).toEqual(['MFA', null]);
    expect(Math.abs(Number(claims[FACE_AT]) - Number(first[FACE_AT]))).toBeLessThanOrEqual(5);
  });

  test('on demand passes without the claim, and with acr_values ends in interaction_required', async () => {
    const browser = onDemand.browser();
    const login = await onDemand.begin();
    await onDemand.redeem(login, await logIn(browser, login));
    expect((await (await again(onDemand, browser, { prompt: 'none' })).claims())[AMR] ?? null).toBeNull();
    const asked = await again(onDemand, browser, { prompt: 'none', acr_values: ACR });
    expect(errorOf(asked.page)?.[0]).toBe('interaction_required');
  });
});

describe('single sign-on into a second app', () => {
  test('requires a check again if every login does', async () => {
    const browser = always.browser();
    await loginWithFace(always, browser);
    expect(isAtFaceCheck((await again(always, browser, {}, 'shop')).page)).toBe(true);
  });

  test('passes with the claim within the window', async () => {
    const browser = windowed.browser();
    await loginWithFace(windowed, browser);
    expect((await (await again(windowed, browser, {}, 'shop')).claims())[AMR]).toBe('MFA');
  });
});

test('on demand: requested among several values, then checked again each time', async () => {
  const browser = onDemand.browser();
  const claims = claimsOf(await loginWithFace(onDemand, browser, { acr_values: `urn:example:loa2 ${ACR}` }));
  expect(claims[AMR]).toBe('MFA');
  expect(isAtFaceCheck((await again(onDemand, browser, { acr_values: ACR })).page)).toBe(true);
});

describe('a request to /continue', () => {
  test('T10 an address typed without a token ends in a denial', async () => {
    const browser = always.browser();
    const check = await logIn(browser, await always.begin());
    const state = check.url.searchParams.get('state') ?? '';
    const page = await browser.open(new URL(`/continue?${new URLSearchParams({ state })}`, always.issuer));
    expect(errorOf(page)?.[1]).toMatch(/^face_configuration: /);
  });

  test('T8 a second use of the same answer is refused', async () => {
    const browser = always.browser();
    const login = await always.begin();
    const check = await logIn(browser, login);
    await always.redeem(login, await answer(always, browser, check));
    expect((await answer(always, browser, check)).status).toBe(400);
  });

  test('an answer that is five seconds late is denied as late, with what to do next', async () => {
    const browser = always.browser();
    const check = await logIn(browser, await always.begin());
    const now = Math.floor(Date.now() / 1000);
    const page = await answer(always, browser, check, { iat: now - 95, exp: now - 5 });
    expect(errorOf(page)?.[1]).toMatch(/^face_session_expired: .* Sign in again\./);
  });

  test('an answer for another login of the same user is denied', async () => {
    const browser = always.browser();
    const first = await logIn(browser, await always.begin());
    const second = (await again(always, browser)).page;
    const state = second.url.searchParams.get('state') ?? '';
    const { token } = faceCheckAnswer(first.url, always.issuer);
    const url = new URL(`/continue?${new URLSearchParams({ state })}`, always.issuer);
    const page = await browser.post(url, { result_token: token }, first.url.host);
    expect(errorOf(page)?.[1]).toMatch(/^face_configuration: /);
  });
});

test('a login under a custom domain returns to it', async () => {
  const { login, config } = await always.beginAt(LOGIN_HOST);
  const browser = always.browser();
  const check = await logIn(browser, login);
  const { url, token } = faceCheckAnswer(check.url, always.issuer);
  url.hostname = LOGIN_HOST;
  const page = await browser.post(url, { result_token: token }, check.url.host);
  const tokens = await always.redeemWith(config, login, page);
  expect(tokens.claims()?.[AMR]).toBe('MFA');
});

test('the lists select logins by organization', async () => {
  const world = await open({ ONLY_ORGANIZATIONS: ORGANIZATION.name });
  const inside = await world.begin({ organization: ORGANIZATION.id });
  expect(isAtFaceCheck(await logIn(world.browser(), inside))).toBe(true);
  const outside = await world.begin();
  expect((await world.redeem(outside, await logIn(world.browser(), outside))).claims()?.[AMR] ?? null).toBeNull();
});

test('a refresh token keeps claim and time, also after rotation', async () => {
  const config = await always.configurationOf('bank');
  const tokens = await loginWithFace(always, always.browser(), { scope: 'openid offline_access' });
  const faceAt = tokens.claims()?.[FACE_AT];
  let token = tokens.refresh_token ?? '';
  for (let turn = 0; turn < 2; turn += 1) {
    const refreshed = await oidc.refreshTokenGrant(config, token);
    const claims = claimsOf(refreshed);
    expect([claims[AMR], claims[FACE_AT], claims[EVENT] ?? null]).toEqual(['MFA', faceAt, null]);
    expect(refreshed.refresh_token).not.toBe(token);
    token = refreshed.refresh_token ?? '';
  }
});

test('a refresh token of a login without a face gets no claim', async () => {
  const config = await onDemand.configurationOf('bank');
  const login = await onDemand.begin({ scope: 'openid offline_access' });
  const tokens = await onDemand.redeem(login, await logIn(onDemand.browser(), login));
  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(refreshed.claims()?.[AMR] ?? null).toBeNull();
});

test('T22 the password grant is denied, or passes without the claim if the admin opted for that', async () => {
  const fields = { grant_type: 'password', username: ALICE.email, password: ALICE.password, scope: 'openid' };
  const denied = await always.askToken(fields);
  expect(denied.body['error_description']).toMatch(/^face_interaction_required: /);
  const lenient = await open({ ALLOW_WITHOUT_BROWSER: 'true' });
  const passed = await lenient.askToken(fields);
  expect(decodeJwt(String(passed.body['id_token']))[AMR] ?? null).toBeNull();
});

describe("the tenant's own second factor", () => {
  const isOtherFactor = (page: Page): boolean => page.url.pathname === '/u/mfa-email-challenge';

  test('comes after the face check', async () => {
    const world = await open({}, { mfa: 'always' });
    const browser = world.browser();
    expect(isOtherFactor(await answer(world, browser, await logIn(browser, await world.begin())))).toBe(true);
  });

  test('is skipped under SKIP_TENANT_MFA, but not without a face check', async () => {
    const world = await open({ SKIP_TENANT_MFA: 'true', MODE: 'on-demand' }, { mfa: 'always' });
    const browser = world.browser();
    expect((await loginWithFace(world, browser, { acr_values: ACR })).claims()?.[AMR]).toBe('MFA');
    expect(isOtherFactor(await logIn(world.browser(), await world.begin()))).toBe(true);
  });
});

describe('another Action in the same flow', () => {
  const other = `
    exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('${AMR}', 'MFA');
      api.redirect.sendUserTo('https://terms.example/accept', { query: { session_token: 'x' } });
    };
    exports.onContinuePostLogin = async () => {};`;

  test('each redirect resumes its own Action, and the claim of the other does not count', async () => {
    const plain = await tenantWorld([other]);
    const file = `${plain.folder}/action-0.cjs`;
    await plain.stop();
    const world = await tenantWorld([], {
      folder: plain.folder,
      customClaims: FACE_CLAIMS,
      actions: [{ name: 'terms', file, secrets: {} }, await builtAction()],
    });
    worlds.push(world);
    const browser = world.browser();
    const login = await world.begin();
    const terms = await logIn(browser, login);
    expect(terms.url.host).toBe('terms.example');
    const state = terms.url.searchParams.get('state') ?? '';
    const url = new URL(`/continue?${new URLSearchParams({ state })}`, world.issuer);
    const check = await browser.post(url, {}, terms.url.host);
    expect(isAtFaceCheck(check)).toBe(true);
    const refused = await answer(world, browser, check, { res: 'declined', event: null, vat: null });
    expect(errorOf(refused)?.[1]).toMatch(/^face_declined: /);
  });
});

test('a face check that never answers leaves the login without tokens, and later ones without a claim', async () => {
  const browser = windowed.browser();
  // The Action does not check whether the service is up; the browser finds out.
  expect(isAtFaceCheck(await logIn(browser, await windowed.begin()))).toBe(true);
  expect(errorOf((await again(windowed, browser, { prompt: 'none' })).page)?.[0]).toBe('interaction_required');
  expect(isAtFaceCheck((await again(windowed, browser)).page)).toBe(true);
});

test('T13 the Session Secret is rotated while a login waits at the face check', async () => {
  const world = await open({});
  const browser = world.browser();
  const login = await world.begin();
  const check = await logIn(browser, login);
  const { secrets, name } = await builtAction({ SESSION_SECRET: OTHER_SECRET, SESSION_SECRET_PREVIOUS: SECRET });
  world.setActionSecrets(name, secrets);
  expect((await world.redeem(login, await answer(world, browser, check))).claims()?.[AMR]).toBe('MFA');
});

describe('enrollment that waits, ENROLL_AT_LOGIN=false', () => {
  test('passes until the first check is requested, and not one login longer', async () => {
    const world = await open({ ENROLL_AT_LOGIN: 'false' });
    const first = await world.begin();
    const browser = world.browser();
    expect((await world.redeem(first, await logIn(browser, first))).claims()?.[AMR] ?? null).toBeNull();
    const { page, login } = await again(world, browser, { acr_values: ACR });
    await world.redeem(login, await answer(world, browser, page, { res: 'enrolled', event: 'enrolled' }));
    expect(isAtFaceCheck(await logIn(world.browser(), await world.begin()))).toBe(true);
    // Other users are not affected.
    const bob = await world.begin();
    expect((await world.redeem(bob, await logIn(world.browser(), bob, BOB))).claims()?.[AMR] ?? null).toBeNull();
  });
});
