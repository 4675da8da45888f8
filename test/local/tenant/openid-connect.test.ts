import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopbackFetch } from '../../support/browserless-agent.ts';
import { ALICE, API, BOB, CLAIM, errorOf, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

const COUNTING = `
exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('${CLAIM}', { methods: event.authentication?.methods.map((m) => m.name), client: event.client });
  api.accessToken.setCustomClaim('${CLAIM}', event.resource_server?.identifier ?? 'none');
};`;

let world: TenantWorld;
beforeAll(async () => {
  world = await tenantWorld([COUNTING]);
});
afterAll(() => world.close());

describe('login', () => {
  test.each([['S256'], ['no']])('a code is exchanged for a signed ID token, PKCE %s', async (pkce) => {
    const login = await world.begin({ pkce });
    const tokens = await world.redeem(login, await logIn(world.browser(), login));
    expect(tokens.claims()).toMatchObject({
      iss: world.issuer,
      sub: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      name: ALICE.name,
      email: ALICE.email,
      email_verified: true,
      [CLAIM]: { methods: ['pwd'], client: { client_id: 'bank', name: 'The bank', metadata: { tier: 'bank' } } },
    });
  });

  test('a wrong PKCE verifier gets no tokens', async () => {
    const login = await world.begin();
    const page = await logIn(world.browser(), login);
    await expect(world.redeem({ ...login, codeVerifier: oidc.randomPKCECodeVerifier() }, page)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('a code is valid once', async () => {
    const login = await world.begin();
    const page = await logIn(world.browser(), login);
    await world.redeem(login, page);
    await expect(world.redeem(login, page)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('userinfo accepts the access token', async () => {
    const login = await world.begin();
    const tokens = await world.redeem(login, await logIn(world.browser(), login));
    const info = await oidc.fetchUserInfo(
      await world.configurationOf('bank'),
      tokens.access_token,
      tokens.claims()?.sub ?? '',
    );
    expect(info).toMatchObject({ email: ALICE.email, name: ALICE.name });
  });

  test('an API gets a JWT access token with the claims of the Action', async () => {
    const login = await world.begin({ audience: API, scope: 'openid email read:balance' });
    const tokens = await world.redeem(login, await logIn(world.browser(), login));
    const jwks = createRemoteJWKSet(new URL('.well-known/jwks.json', world.issuer), {
      [customFetch]: loopbackFetch as unknown as typeof fetch,
    });
    const { payload } = await jwtVerify(tokens.access_token, jwks, { issuer: world.issuer, audience: API });
    expect(payload).toMatchObject({ [CLAIM]: API, client_id: 'bank', scope: expect.stringContaining('read:balance') });
  });

  test('an unknown API is refused', async () => {
    const page = await world.browser().open((await world.begin({ audience: 'https://unknown.example/' })).url);
    expect(errorOf(page)).toEqual(['access_denied', 'Service not found: https://unknown.example/']);
  });
});

describe('sessions', () => {
  test('a second app gets in without a login form, and the Action runs again', async () => {
    const browser = world.browser();
    await logIn(browser, await world.begin());
    const login = await world.begin({}, 'shop');
    const tokens = await world.redeem(login, await browser.open(login.url));
    expect(tokens.claims()?.[CLAIM]).toMatchObject({ methods: ['pwd'], client: { client_id: 'shop' } });
  });

  test('prompt=none ends in login_required without a session, and in a code with one', async () => {
    const browser = world.browser();
    const silent = async () => browser.open((await world.begin({ prompt: 'none' })).url);
    expect(errorOf(await silent())?.[0]).toBe('login_required');
    await logIn(browser, await world.begin());
    expect((await silent()).url.searchParams.get('code')).not.toBeNull();
  });

  test('prompt=login asks for the password again', async () => {
    const browser = world.browser();
    await logIn(browser, await world.begin());
    const page = await browser.open((await world.begin({ prompt: 'login' })).url);
    expect(page.url.pathname).toBe('/u/login');
  });

  test('max_age asks for the password again once the login is older', async () => {
    const earlier = await tenantWorld([COUNTING], { clockMs: () => Date.now() - 100_000 });
    try {
      const browser = earlier.browser();
      await logIn(browser, await earlier.begin());
      const open = async (seconds: string) => browser.open((await earlier.begin({ max_age: seconds })).url);
      expect((await open('200')).url.searchParams.get('code')).not.toBeNull();
      expect((await open('50')).url.pathname).toBe('/u/login');
    } finally {
      await earlier.close();
    }
  });

  test('another user who logs in over an existing session inherits nothing from it', async () => {
    const browser = world.browser();
    await logIn(browser, await world.begin());
    const login = await world.begin({ prompt: 'login' });
    let page = await logIn(browser, login, BOB);
    // The old session is ended by a form that browsers submit by themselves.
    while (page.status === 200) page = await browser.submit(page);
    const claims = (await world.redeem(login, page)).claims();
    expect(claims).toMatchObject({ email: BOB.email, [CLAIM]: { methods: ['pwd'] } });
  });

  test('logout with the ID token ends the session and returns to the app', async () => {
    const browser = world.browser();
    const login = await world.begin();
    const tokens = await world.redeem(login, await logIn(browser, login));
    const url = oidc.buildEndSessionUrl(await world.configurationOf('bank'), {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://bank.localhost/',
    });
    expect((await browser.submit(await browser.open(url))).url.href).toBe('http://bank.localhost/');
    expect((await browser.open((await world.begin()).url)).url.pathname).toBe('/u/login');
  });

  test('/v2/logout returns to a known address and refuses any other', async () => {
    const browser = world.browser();
    await logIn(browser, await world.begin());
    const leave = (returnTo: string) =>
      browser.open(new URL(`/v2/logout?${new URLSearchParams({ client_id: 'bank', returnTo })}`, world.issuer));
    expect((await leave('https://evil.example/')).status).toBe(400);
    const page = await browser.submit(await leave('http://bank.localhost/'));
    expect(page.url.href).toBe('http://bank.localhost/');
    expect((await browser.open((await world.begin()).url)).url.pathname).toBe('/u/login');
  });
});

describe('refresh', () => {
  test('offline_access gives a refresh token, and a refresh runs the Action without a browser', async () => {
    const login = await world.begin({ scope: 'openid offline_access' });
    const tokens = await world.redeem(login, await logIn(world.browser(), login));
    const fresh = await oidc.refreshTokenGrant(await world.configurationOf('bank'), tokens.refresh_token ?? '');
    expect(decodeJwt(fresh.id_token ?? '')[CLAIM]).toMatchObject({ client: { client_id: 'bank' } });
    expect(decodeJwt(fresh.id_token ?? '')[CLAIM]).not.toHaveProperty('methods');
  });

  test('without offline_access there is no refresh token', async () => {
    const login = await world.begin();
    expect((await world.redeem(login, await logIn(world.browser(), login))).refresh_token).toBeUndefined();
  });

  test('refresh tokens survive a logout', async () => {
    const browser = world.browser();
    const login = await world.begin({ scope: 'openid offline_access' });
    const tokens = await world.redeem(login, await logIn(browser, login));
    await browser.submit(await browser.open(new URL('/v2/logout?client_id=bank', world.issuer)));
    const fresh = await oidc.refreshTokenGrant(await world.configurationOf('bank'), tokens.refresh_token ?? '');
    expect(fresh.access_token).toBeTypeOf('string');
  });
});
