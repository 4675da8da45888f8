import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrowserlessAgent, loopbackFetch } from '../../support/browserless-agent.ts';
import { ALICE, errorOf, HOST, type TenantWorld, tenantWorld } from './tenant-world.ts';

const ORIGIN = 'http://portal.localhost';
const AUDIENCE = 'https://portal.localhost/api';
const PORTAL = {
  clientId: 'portal',
  clientSecret: null,
  name: 'Portal',
  redirectUris: [`${ORIGIN}/callback`],
  logoutUris: [`${ORIGIN}/`],
  webOrigins: [ORIGIN],
  metadata: {},
};

let world: TenantWorld;
let portal: oidc.Configuration;
beforeAll(async () => {
  world = await tenantWorld([], {
    clients: [PORTAL],
    apis: [{ audience: AUDIENCE, scopes: ['read:all'], hasUserClaims: true }],
  });
  portal = await oidc.discovery(new URL(world.issuer), PORTAL.clientId, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: loopbackFetch as unknown as oidc.CustomFetch,
  });
});
afterAll(() => world.close());

const PARAMETERS = { redirect_uri: `${ORIGIN}/callback`, scope: 'openid email offline_access', audience: AUDIENCE };

const logIn = async () => {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(portal, {
    ...PARAMETERS,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const browser = new BrowserlessAgent(({ hostname }) => hostname === HOST);
  const page = await browser.submit(await browser.open(url), { email: ALICE.email, password: ALICE.password });
  return oidc.authorizationCodeGrant(portal, page.url, { pkceCodeVerifier });
};

test('a public app gets a JWT for its API with e-mail and time of the login, and another one by its refresh token', async () => {
  const tokens = await logIn();
  const first = decodeJwt(tokens.access_token);
  expect(first).toMatchObject({ aud: AUDIENCE, sub: expect.stringMatching(/^auth0\|/), email: ALICE.email });
  expect(Math.abs(Number(first['auth_time']) - Number(first.iat))).toBeLessThanOrEqual(5);
  const refreshed = await oidc.refreshTokenGrant(portal, tokens.refresh_token ?? '');
  expect(decodeJwt(refreshed.access_token)).toMatchObject({ email: ALICE.email, auth_time: first['auth_time'] });
});

test('a public app without PKCE is refused', async () => {
  const browser = new BrowserlessAgent(({ hostname }) => hostname === HOST);
  expect(errorOf(await browser.open(oidc.buildAuthorizationUrl(portal, PARAMETERS)))?.[0]).toBe('invalid_request');
});

test.each([
  [ORIGIN, ORIGIN],
  ['http://other.localhost', null],
])('scripts on %s read the token endpoint as %j', async (origin, allowed) => {
  const response = await loopbackFetch(new URL('oauth/token', world.issuer), {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: PORTAL.clientId,
      refresh_token: 'x',
    }).toString(),
  });
  expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
});
