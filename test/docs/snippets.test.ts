import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import openidConnect from 'express-openid-connect';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { requireFaceToken } from '../../docs/snippets/api.ts';
import { requireFace, showRefusal } from '../../docs/snippets/web-app.ts';
import { answerFaceCheck, builtActionWorld, isAtFaceCheck } from '../local/tenant/built-action.ts';
import { ALICE, API, HOST, type TenantWorld } from '../local/tenant/tenant-world.ts';
import { BrowserlessAgent, loopbackFetch, type Page } from '../support/browserless-agent.ts';

const APP = 'app.localhost';
const SECRET = 'a-secret-of-the-app-with-32-characters';
const MAX_AGE_SECONDS = 300;

let tenant: TenantWorld;
let server: Server;
let app: string;
let api: Server;
let apiUrl: string;

const listening = async (handler: express.Express): Promise<{ server: Server; port: number }> => {
  const started = createServer(handler);
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { server: started, port: (started.address() as AddressInfo).port };
};

/** A web app with one guarded page, as in docs/step-up.md. */
const webApp = (origin: string): express.Express => {
  const routes = express();
  routes.use(
    openidConnect.auth({
      authRequired: false,
      baseURL: origin,
      issuerBaseURL: tenant.issuer,
      clientID: 'web-app',
      clientSecret: SECRET,
      secret: 'cookie-secret-of-more-than-32-characters',
      authorizationParams: { response_type: 'code', scope: 'openid profile email', audience: API },
      idTokenSigningAlg: 'RS256',
      customFetch: loopbackFetch as unknown as typeof fetch,
    }),
  );
  routes.get('/', (request, response) => void response.send(`home of ${request.oidc.user?.['name'] ?? 'nobody'}`));
  // A login without an API: its access token opens /userinfo.
  routes.get('/plain', (_request, response) =>
    response.oidc.login({ returnTo: '/', authorizationParams: { audience: '' } }),
  );
  routes.get('/userinfo', async (request, response) => void response.json(await request.oidc.fetchUserInfo()));
  routes.get('/token', (request, response) => void response.send(request.oidc.accessToken?.access_token ?? ''));
  routes.get('/transfer', requireFace(MAX_AGE_SECONDS), (_request, response) => void response.send('transfer page'));
  routes.use(showRefusal);
  return routes;
};

beforeAll(async () => {
  const outer = express();
  const started = await listening(outer);
  server = started.server;
  app = `http://${APP}:${started.port}`;
  tenant = await builtActionWorld(
    { MODE: 'on-demand' },
    {
      apis: [{ audience: API, scopes: ['read:balance'] }],
      clients: [
        {
          clientId: 'web-app',
          clientSecret: SECRET,
          name: 'Web app',
          redirectUris: [`${app}/callback`],
          logoutUris: [app],
          metadata: {},
        },
      ],
    },
  );
  outer.use(webApp(app));
  const keys = await loopbackFetch(new URL('.well-known/jwks.json', tenant.issuer));
  const guard = requireFaceToken(
    { issuer: tenant.issuer, audience: API, keys: createLocalJWKSet((await keys.json()) as JSONWebKeySet) },
    MAX_AGE_SECONDS,
  );
  const guarded = await listening(
    express().post('/transfers', guard, (_request, response) => void response.send('made')),
  );
  api = guarded.server;
  apiUrl = `http://127.0.0.1:${guarded.port}/transfers`;
});
afterAll(async () => {
  server?.close();
  api?.close();
  await tenant?.close();
});

const newBrowser = (): BrowserlessAgent => new BrowserlessAgent((url) => url.hostname.endsWith('.localhost'));
const logIn = async (browser: BrowserlessAgent, path = '/login'): Promise<Page> =>
  browser.submit(await browser.open(`${app}${path}`), { email: ALICE.email, password: ALICE.password });
const callApi = async (token: string) => {
  const response = await fetch(apiUrl, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, needs: response.headers.get('www-authenticate') };
};
const tokenOf = async (browser: BrowserlessAgent): Promise<string> => (await browser.open(`${app}/token`)).text;

describe('docs/snippets/web-app.ts', () => {
  test('a login without a face opens the home page; the guarded page requires the check, and opens after it', async () => {
    const browser = newBrowser();
    expect((await logIn(browser)).text).toBe('home of Alice Anderson');
    const check = await browser.open(`${app}/transfer`);
    expect(isAtFaceCheck(check)).toBe(true);
    const page = await answerFaceCheck(browser, check, tenant.issuer);
    expect([page.url.pathname, page.text]).toEqual(['/transfer', 'transfer page']);
    expect((await browser.open(`${app}/transfer`)).text).toBe('transfer page');
  });

  test('T23 without acr_values the page stays closed, and the browser is not redirected in a loop', async () => {
    const browser = newBrowser();
    await logIn(browser);
    let asked: URL | null = null;
    const stripping = new BrowserlessAgent((url) => {
      if (url.hostname === HOST) asked = url;
      return url.hostname === APP;
    });
    stripping.adopt(browser);
    await stripping.open(`${app}/transfer`);
    browser.adopt(stripping);
    const url: URL = asked ?? new URL(app);
    url.searchParams.delete('acr_values');
    const page = await browser.open(url, APP);
    expect(page.status).toBe(403);
    expect(page.text).toContain('There was no face check.');
  });

  test('a refused face ends on a page with its stable code', async () => {
    const browser = newBrowser();
    await logIn(browser);
    const check = await browser.open(`${app}/transfer`);
    const page = await answerFaceCheck(browser, check, tenant.issuer, { res: 'no_match', event: null, vat: null });
    expect(page.status).toBe(403);
    expect(page.text).toMatch(/^face_not_verified: .* Support id [0-9A-Z]{4}-[0-9A-Z]{4}$/);
  });
});

describe('T23 a thief with the password, while the owner steps up', () => {
  /** Both are logged in with the password; only the owner passes the face check. */
  const afterTheOwner = async (path: string): Promise<BrowserlessAgent> => {
    const [thief, owner] = [newBrowser(), newBrowser()];
    await logIn(thief, path);
    await logIn(owner, path);
    await answerFaceCheck(owner, await owner.open(`${app}/transfer`), tenant.issuer);
    return thief;
  };

  test('reads the owner’s face claims in /userinfo, which give no access: the web app uses the ID token', async () => {
    const thief = await afterTheOwner('/plain');
    const info: unknown = JSON.parse((await thief.open(`${app}/userinfo`)).text);
    expect(info).toHaveProperty(['https://authid.ai/claims/amr'], 'MFA');
    expect(isAtFaceCheck(await thief.open(`${app}/transfer`))).toBe(true);
  });

  test('is refused by the API, which uses the access token', async () => {
    const thief = await afterTheOwner('/login');
    expect((await callApi(await tokenOf(thief))).status).toBe(401);
  });
});

test.each([
  '/transfer?to=bob',
  '//other.example/',
  '//other.example//third.example/x',
  '/.//other.example/',
  '/\\\\other.example/x',
])('the way back from the face check to %s stays within the app', (originalUrl) => {
  const login = vi.fn();
  const call = { oidc: { idTokenClaims: {} }, query: {}, originalUrl };
  requireFace(MAX_AGE_SECONDS)(call as unknown as Request, { oidc: { login } } as unknown as Response, vi.fn());
  const { returnTo } = login.mock.calls[0]?.[0] ?? {};
  expect(new URL(returnTo, app).origin).toBe(app);
  expect(returnTo).toMatch(/[?&]asked=1$/);
});

describe('docs/snippets/api.ts', () => {
  test('tells an app which step-up it needs (RFC 9470), and serves the token that came with a face', async () => {
    const browser = newBrowser();
    await logIn(browser);
    expect(await callApi(await tokenOf(browser))).toEqual({
      status: 401,
      needs:
        'Bearer error="insufficient_user_authentication", acr_values="https://authid.ai/policies/multi-factor", max_age="300"',
    });
    await answerFaceCheck(browser, await browser.open(`${app}/transfer`), tenant.issuer);
    expect(await callApi(await tokenOf(browser))).toEqual({ status: 200, needs: null });
  });

  test('does not accept an old face check, although its token is still valid', async () => {
    const browser = newBrowser();
    await logIn(browser);
    const vat = Math.floor(Date.now() / 1000) - 140;
    await answerFaceCheck(browser, await browser.open(`${app}/transfer`), tenant.issuer, { vat });
    const token = await tokenOf(browser);
    expect((await callApi(token)).status).toBe(200);
    const keys = await loopbackFetch(new URL('.well-known/jwks.json', tenant.issuer));
    const options = {
      issuer: tenant.issuer,
      audience: API,
      keys: createLocalJWKSet((await keys.json()) as JSONWebKeySet),
    };
    const { server: strict, port } = await listening(
      express().post('/transfers', requireFaceToken(options, 120), (_request, response) => void response.send('made')),
    );
    const response = await fetch(`http://127.0.0.1:${port}/transfers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    strict.close();
    expect(response.status).toBe(401);
  });

  test.each(['', 'x', 'a.b.c'])('refuses the token %j', async (token) => {
    expect(await callApi(token)).toEqual({ status: 401, needs: 'Bearer error="invalid_token"' });
  });
});
