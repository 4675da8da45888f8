import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopbackFetch, type Page } from '../../support/browserless-agent.ts';
import { goodAnswer, signToken } from './capture-service.ts';
import { ALICE, API, BOB, CLAIM, errorOf, logIn, ORGANIZATION, type TenantWorld, tenantWorld } from './tenant-world.ts';

/** Reveals what it was asked for; redirects if the app requests `face`, denies if it requests `deny`. */
const REPORTING = `
exports.onExecutePostLogin = async (event, api) => {
  const { protocol, id, acr_values, requested_scopes } = event.transaction;
  const reported = { protocol, hasId: id !== undefined, hasSession: event.session !== undefined,
    hasAuthentication: event.authentication !== undefined, scopes: requested_scopes, organization: event.organization,
    api: event.resource_server?.identifier, body: event.request.body, query: event.request.query };
  api.idToken.setCustomClaim('${CLAIM}', reported);
  api.accessToken.setCustomClaim('${CLAIM}', reported);
  if (acr_values?.includes('deny') || event.request.body.scope?.includes('deny')) return void api.access.deny('denied here');
  if (acr_values?.includes('face') || event.request.body.scope?.includes('face')) api.redirect.sendUserTo(event.secrets.CAPTURE, { query:
    { session_token: api.redirect.encodeToken({ secret: event.secrets.SECRET, payload: {} }) } });
};
exports.onContinuePostLogin = async (event, api) => {
  api.redirect.validateToken({ secret: event.secrets.SECRET });
  api.idToken.setCustomClaim('${CLAIM}', { face: true, protocol: event.transaction.protocol });
};`;

let world: TenantWorld;
beforeAll(async () => {
  world = await tenantWorld([REPORTING]);
});
afterAll(() => world.close());

const reported = (token: unknown): unknown => decodeJwt(String(token))[CLAIM];

describe('implicit and hybrid', () => {
  const fragmentOf = (page: Page) => Object.fromEntries(new URLSearchParams(page.url.hash.slice(1)));
  test.each([
    ['id_token', 'oidc-implicit-profile', ['id_token']],
    ['id_token token', 'oidc-implicit-profile', ['access_token', 'id_token']],
    ['code id_token', 'oidc-hybrid-profile', ['code', 'id_token']],
    ['code token', 'oidc-hybrid-profile', ['access_token', 'code']],
    ['code id_token token', 'oidc-hybrid-profile', ['access_token', 'code', 'id_token']],
  ])('%s runs the Action as %s', async (response_type, protocol, parts) => {
    const login = await world.begin({ response_type, audience: API, scope: 'openid read:balance' });
    const answer = fragmentOf(await logIn(world.browser(), login));
    for (const part of parts) expect(answer).toHaveProperty(part);
    expect(reported(answer['id_token'] ?? answer['access_token'])).toMatchObject({ protocol, hasId: true, api: API });
  });

  test('the form_post response mode reaches the app through a form', async () => {
    const login = await world.begin({ response_type: 'code id_token', response_mode: 'form_post' });
    const page = await logIn(world.browser(), login);
    expect(page.text).toContain('action="http://bank.localhost/callback"');
    expect(page.text).toMatch(/name="id_token" value="ey/);
  });

  test('an app that is not allowed to is refused', async () => {
    const page = await world.browser().open((await world.begin({ response_type: 'id_token' }, 'shop')).url);
    expect(page.url.href).toContain('error=invalid_request');
  });
});

describe('pushed authorization requests', () => {
  const push = async (parameters: Record<string, string>) => {
    const config = await world.configurationOf('bank');
    const codeVerifier = oidc.randomPKCECodeVerifier();
    const url = await oidc.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: 'http://bank.localhost/callback',
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...parameters,
    });
    return { url, codeVerifier, config };
  };

  test('the browser sees no parameter, the Action sees all of them, and offline_access is kept', async () => {
    const { url, codeVerifier, config } = await push({ scope: 'openid offline_access', acr_values: 'urn:a urn:b' });
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const browser = world.browser();
    const page = await browser.submit(await browser.open(url), { email: ALICE.email, password: ALICE.password });
    const tokens = await oidc.authorizationCodeGrant(config, page.url, { pkceCodeVerifier: codeVerifier });
    expect(tokens.refresh_token).toBeTypeOf('string');
    expect(tokens.claims()?.[CLAIM]).toMatchObject({ query: { acr_values: 'urn:a urn:b' } });
  });

  test('T23 what the browser adds to a pushed request has no effect', async () => {
    const { url } = await push({ scope: 'openid', acr_values: 'face' });
    url.searchParams.set('acr_values', 'none');
    const browser = world.browser();
    const page = await browser.submit(await browser.open(url), { email: ALICE.email, password: ALICE.password });
    expect(page.url.host).toBe('capture.example');
  });
});

describe('the password grant', () => {
  const ask = (fields: Record<string, string> = {}) =>
    world.askToken({ grant_type: 'password', username: ALICE.email, password: ALICE.password, ...fields });

  test.each([
    ['password', {}],
    ["Auth0's own name", { grant_type: 'http://auth0.com/oauth/grant-type/password-realm', realm: 'Users' }],
  ])('%s: tokens, and an Action that sees neither session nor password', async (_title, fields) => {
    const { status, body } = await ask({ ...fields, scope: 'openid email read:balance', audience: API });
    expect(status).toBe(200);
    expect(decodeJwt(String(body['id_token']))).toMatchObject({ email: ALICE.email });
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ aud: API, scope: 'openid email read:balance' });
    expect(reported(body['id_token'])).toMatchObject({
      protocol: 'oauth2-password',
      hasId: false,
      hasSession: false,
      hasAuthentication: false,
      api: API,
      body: { username: ALICE.email },
    });
    expect(JSON.stringify(reported(body['id_token']))).not.toContain(ALICE.password);
  });

  test('offline_access gives a refresh token, whose exchange runs the Action again', async () => {
    const { body } = await ask({ scope: 'openid offline_access' });
    const fresh = await world.askToken({ grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) });
    expect(reported(fresh.body['id_token'])).toMatchObject({ protocol: 'oauth2-refresh-token', hasId: false });
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 'invalid_grant', 'Wrong email or password.'],
    ['a denial', { scope: 'openid deny' }, 'access_denied', 'denied here'],
    ['a redirect', { scope: 'openid face' }, 'interaction_required', 'there is no browser to redirect'],
    ['an unknown API', { audience: 'https://x.example/' }, 'access_denied', 'Service not found: https://x.example/'],
  ])('%s gets no tokens', async (_title, fields, error, description) => {
    const { status, body } = await ask(fields);
    expect(status).toBeGreaterThanOrEqual(400);
    expect([body['error'], body['error_description']]).toEqual([error, description]);
    expect(body).not.toHaveProperty('access_token');
  });

  test('an app without this grant is refused', async () => {
    const fields = { grant_type: 'password', username: ALICE.email, password: ALICE.password };
    expect((await world.askToken(fields, 'shop')).body['error']).toBe('invalid_request');
  });
});

describe('client credentials', () => {
  test('an app gets its own token without any Action, with the scopes that it was granted', async () => {
    const before = world.lines.length;
    const { body } = await world.askToken({ grant_type: 'client_credentials', audience: API });
    const claims = decodeJwt(String(body['access_token']));
    expect(claims).toMatchObject({ aud: API, azp: 'bank', sub: 'bank@clients', gty: 'client-credentials' });
    expect(claims['scope']).toBe('read:balance');
    expect(claims).not.toHaveProperty([CLAIM]);
    expect(world.lines).toHaveLength(before);
  });

  test('an API that was not granted is refused', async () => {
    const { body } = await world.askToken({ grant_type: 'client_credentials', audience: 'https://other.example/' });
    expect(body['error']).toBe('access_denied');
  });
});

describe('token exchange', () => {
  const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
  const exchange = (subject_token: string, subject_token_type = ID_TOKEN) =>
    world.askToken({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token,
      subject_token_type,
      scope: 'openid',
    });

  test('an ID token of this tenant is exchanged, and the Action runs without a browser', async () => {
    const login = await world.begin();
    const tokens = await world.redeem(login, await logIn(world.browser(), login));
    const { body } = await exchange(tokens.id_token ?? '');
    expect(decodeJwt(String(body['id_token'])).sub).toBe(tokens.claims()?.sub);
    expect(reported(body['id_token'])).toMatchObject({
      protocol: 'oauth2-token-exchange',
      hasId: false,
      hasSession: false,
    });
    expect(JSON.stringify(reported(body['id_token']))).not.toContain(tokens.id_token);
  });

  test.each([
    ['a token of no issuer', 'x.y.z', ID_TOKEN],
    ['another type', 'x', 'urn:example:other'],
  ])('%s is refused', async (_title, token, type) => {
    expect((await exchange(token, type)).body['error']).toBe('invalid_request');
  });
});

describe('device code', () => {
  const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
  const begin = async (fields: Record<string, string> = {}) => {
    const response = await loopbackFetch(new URL('oauth/device/code', world.issuer), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: 'bank',
        client_secret: 'bank-secret-of-more-than-32-characters',
        scope: 'openid offline_access',
        ...fields,
      }).toString(),
    });
    return (await response.json()) as Record<string, string>;
  };
  const poll = (begun: Record<string, string>) =>
    world.askToken({ grant_type: DEVICE, device_code: String(begun['device_code']) });
  /** Opens the address that the device shows, confirms its code and logs in; ends wherever that leads. */
  const confirm = async (browser: ReturnType<TenantWorld['browser']>, begun: Record<string, string>) => {
    const opened = await browser.open(String(begun['verification_uri_complete']));
    const asked = await browser.submit(opened);
    expect(asked.text).toContain(begun['user_code']);
    const page = await browser.submit(asked);
    return page.url.pathname === '/u/login'
      ? browser.submit(page, { email: ALICE.email, password: ALICE.password })
      : page;
  };

  test('the device waits until a user has logged in elsewhere, then gets its tokens once', async () => {
    const begun = await begin();
    expect(begun).toMatchObject({ interval: 5, verification_uri: `${world.issuer}activate` });
    expect((await poll(begun)).body['error']).toBe('authorization_pending');
    expect((await confirm(world.browser(), begun)).text).toContain('The device is connected');
    const { body } = await poll(begun);
    expect(reported(body['id_token'])).toMatchObject({ protocol: 'oauth2-device-code', hasId: true, hasSession: true });
    expect(body['refresh_token']).toBeTypeOf('string');
    expect((await poll(begun)).body['error']).toBe('invalid_grant');
  });

  test('an Action redirects during the login, and its claims reach the device', async () => {
    const [browser, begun] = [world.browser(), await begin({ acr_values: 'face' })];
    const page = await confirm(browser, begun);
    expect(page.url.host).toBe('capture.example');
    const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, world.issuer);
    const end = await browser.post(url, { session_token: signToken(goodAnswer(page)) }, page.url.host);
    expect(end.text).toContain('The device is connected');
    expect(reported((await poll(begun)).body['id_token'])).toEqual({ face: true, protocol: 'oauth2-device-code' });
  });

  test('a denial is reported to the user and to the device', async () => {
    const begun = await begin({ acr_values: 'deny' });
    expect((await confirm(world.browser(), begun)).text).toContain('denied here');
    expect((await poll(begun)).body).toMatchObject({ error: 'access_denied', error_description: 'denied here' });
  });

  test('a code can be entered by hand, and wrong ones are refused', async () => {
    const [browser, begun] = [world.browser(), await begin()];
    const form = await browser.open(new URL('activate', world.issuer));
    const wrong = await browser.submit(form, { user_code: '"><script>' });
    expect(wrong.text).toContain('No device is waiting with this code');
    expect(wrong.text).not.toContain('<script>');
    expect((await browser.submit(wrong, { user_code: String(begun['user_code']) })).text).toContain('Continue only if');
  });
});

describe('organizations', () => {
  const claimsOf = async (parameters: Record<string, string>) => {
    const login = await world.begin(parameters);
    return world.redeem(login, await logIn(world.browser(), login));
  };

  test.each([[ORGANIZATION.id], [ORGANIZATION.name]])('%s: the tokens and the Action name it', async (organization) => {
    const tokens = await claimsOf({ organization, scope: 'openid offline_access' });
    const named = { org_id: ORGANIZATION.id, org_name: ORGANIZATION.name };
    expect(tokens.claims()).toMatchObject(named);
    expect(tokens.claims()?.[CLAIM]).toMatchObject({
      organization: { id: ORGANIZATION.id, name: 'harbour', display_name: 'Harbour', metadata: { plan: 'gold' } },
    });
    const fresh = await oidc.refreshTokenGrant(await world.configurationOf('bank'), tokens.refresh_token ?? '');
    expect(decodeJwt(fresh.id_token ?? '')).toMatchObject(named);
  });

  test('without the parameter nothing names one', async () => {
    const claims = (await claimsOf({})).claims();
    expect(claims).not.toHaveProperty('org_id');
    expect(claims?.[CLAIM]).not.toHaveProperty('organization');
  });

  test('a user who is not a member is refused before any Action runs', async () => {
    const page = await logIn(world.browser(), await world.begin({ organization: 'harbour' }), BOB);
    expect(errorOf(page)).toEqual([
      'access_denied',
      expect.stringMatching(/^user auth0\|[0-9a-f]{24} is not part of the org_abcdefgh12345678 organization$/),
    ]);
  });

  test('an unknown organization is refused', async () => {
    const page = await logIn(world.browser(), await world.begin({ organization: 'org_unknown' }));
    expect(errorOf(page)).toEqual(['invalid_request', 'parameter organization is invalid']);
  });
});
