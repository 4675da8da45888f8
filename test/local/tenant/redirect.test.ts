import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserlessAgent, Page } from '../../support/browserless-agent.ts';
import { goodAnswer, readSessionToken, signToken } from './capture-service.ts';
import { ALICE, BOB, CLAIM, errorOf, HOST, logIn, SECRET, type TenantWorld, tenantWorld } from './tenant-world.ts';

const METHOD = 'https://methods.example/face';

/** Redirects once per session, checks the answer, and reveals what it saw. */
const REDIRECTING = `
exports.onExecutePostLogin = async (event, api) => {
  if (event.authentication.methods.some((method) => method.name === '${METHOD}')) return;
  api.transaction.setMetadata('started', event.request.method);
  const token = api.redirect.encodeToken({
    secret: event.secrets.SECRET, expiresInSeconds: 300, payload: { tx: event.transaction.id, can: api.redirect.canRedirect() },
  });
  api.redirect.sendUserTo(event.secrets.CAPTURE, { query: { session_token: token } });
};
exports.onContinuePostLogin = async (event, api) => {
  let payload;
  try {
    payload = api.redirect.validateToken({ secret: event.secrets.SECRET, tokenParameterName: 'answer' });
  } catch (error) {
    return void api.access.deny(error.message);
  }
  if (payload.deny) return void api.access.deny(payload.deny);
  api.authentication.recordMethod('${METHOD}');
  api.idToken.setCustomClaim('${CLAIM}', {
    method: event.request.method, query: Object.keys(event.request.query), body: Object.keys(event.request.body),
    metadata: event.transaction.metadata, sameTransaction: payload.tx === event.transaction.id, app: event.client.client_id,
  });
};`;

let world: TenantWorld;
beforeAll(async () => {
  world = await tenantWorld([REDIRECTING]);
});
afterAll(() => world.close());

const capture = async (browser: BrowserlessAgent, parameters: Record<string, string> = {}) => {
  const login = await world.begin(parameters);
  return { login, page: await logIn(browser, login) };
};

/** Returns from the capture page as its form does: a POST from another site. */
const answer = (browser: BrowserlessAgent, page: Page, claims: object = goodAnswer(page), state?: string) => {
  const url = new URL(`/continue?${new URLSearchParams({ state: state ?? stateOf(page) })}`, world.issuer);
  return browser.post(url, { answer: signToken(claims) }, page.url.host);
};
const stateOf = (page: Page): string => page.url.searchParams.get('state') ?? '';

describe('the way out', () => {
  test('the browser leaves with the token and a state of the tenant, not of the app', async () => {
    const { login, page } = await capture(world.browser());
    expect(page.url.origin + page.url.pathname).toBe('https://capture.example/face');
    expect(stateOf(page)).not.toBe(login.state);
    const token = readSessionToken(page);
    const now = Math.floor(Date.now() / 1000);
    expect(token).toMatchObject({ iss: HOST, sub: expect.stringMatching(/^auth0\|/), can: true, ip: '127.0.0.1' });
    expect(Math.abs(Number(token['iat']) - now)).toBeLessThanOrEqual(2);
    expect(Number(token['exp']) - Number(token['iat'])).toBe(300);
  });

  test('prompt=none ends in interaction_required', async () => {
    const browser = world.browser();
    await capture(browser);
    const page = await browser.open((await world.begin({ prompt: 'none' })).url);
    expect(errorOf(page)?.[0]).toBe('interaction_required');
  });
});

describe('the way back', () => {
  test('a good answer ends in tokens; the Action sees the new request and the old transaction', async () => {
    const browser = world.browser();
    const { login, page } = await capture(browser);
    const tx = readSessionToken(page)['tx'];
    const tokens = await world.redeem(login, await answer(browser, page, { ...goodAnswer(page), tx }));
    expect(tokens.claims()?.[CLAIM]).toEqual({
      method: 'POST',
      query: ['state'],
      body: ['answer'],
      metadata: { started: 'GET' },
      sameTransaction: true,
      app: 'bank',
    });
  });

  test('GET works as well', async () => {
    const browser = world.browser();
    const { login, page } = await capture(browser);
    const query = new URLSearchParams({ state: stateOf(page), answer: signToken(goodAnswer(page)) });
    const end = await browser.open(new URL(`/continue?${query}`, world.issuer), page.url.host);
    expect((await world.redeem(login, end)).claims()?.[CLAIM]).toMatchObject({ method: 'GET' });
  });

  test('the body takes precedence over the query', async () => {
    const browser = world.browser();
    const { page } = await capture(browser);
    const query = new URLSearchParams({ state: stateOf(page), answer: signToken(goodAnswer(page)) });
    const url = new URL(`/continue?${query}`, world.issuer);
    const end = await browser.post(url, { answer: 'not-a-token' }, page.url.host);
    expect(errorOf(end)).toEqual(['access_denied', 'The session token is invalid: malformed token']);
  });

  test('a denial reaches the app word for word; the session remains, and the next login asks again', async () => {
    const browser = world.browser();
    const { login, page } = await capture(browser);
    const reason = 'face_not_verified: We could not verify your face. Support id 7KQF-2M9D';
    const end = await answer(browser, page, { ...goodAnswer(page), deny: reason });
    expect(end.url.origin).toBe('http://bank.localhost');
    expect(errorOf(end)).toEqual(['access_denied', reason]);
    expect(end.url.searchParams.get('state')).toBe(login.state);
    const again = await browser.open((await world.begin()).url);
    expect(again.url.host).toBe('capture.example');
  });

  test('a recorded method lasts for the session: a second app passes, even silently', async () => {
    const browser = world.browser();
    const { page } = await capture(browser);
    await answer(browser, page);
    expect((await browser.open((await world.begin({}, 'shop')).url)).url.searchParams.get('code')).not.toBeNull();
    const silent = await browser.open((await world.begin({ prompt: 'none' }, 'shop')).url);
    expect(silent.url.searchParams.get('code')).not.toBeNull();
  });

  test('a recorded method does not pass to another user of the same browser', async () => {
    const browser = world.browser();
    const { page } = await capture(browser);
    await answer(browser, page);
    let next = await logIn(browser, await world.begin({ prompt: 'login' }), BOB);
    while (next.status === 200) next = await browser.submit(next);
    expect(next.url.host).toBe('capture.example');
  });

  test('two tabs of one browser do not interfere', async () => {
    const browser = world.browser();
    const [first, second] = [await world.begin(), await world.begin()];
    const [firstForm, secondForm] = [await browser.open(first.url), await browser.open(second.url)];
    const fields = { email: ALICE.email, password: ALICE.password };
    const firstPage = await browser.submit(firstForm, fields);
    let secondPage = await browser.submit(secondForm, fields);
    while (secondPage.status === 200) secondPage = await browser.submit(secondPage);
    const secondEnd = await answer(browser, secondPage);
    const firstEnd = await answer(browser, firstPage);
    expect(firstEnd.url.searchParams.get('state')).toBe(first.state);
    expect(secondEnd.url.searchParams.get('state')).toBe(second.state);
    await world.redeem(first, firstEnd);
    await world.redeem(second, secondEnd);
  });
});

describe('refusals of /continue', () => {
  test('a state is valid once', async () => {
    const browser = world.browser();
    const { page } = await capture(browser);
    await answer(browser, page);
    const replay = await answer(browser, page);
    expect(replay.status).toBe(400);
    expect(replay.text).toContain('invalid_request');
  });

  test.each([['unknown'], ['']])('an unknown state %j is refused', async (state) => {
    const browser = world.browser();
    const { page } = await capture(browser);
    expect((await answer(browser, page, goodAnswer(page), state)).status).toBe(400);
  });

  test('a state given twice is refused', async () => {
    const browser = world.browser();
    const { page } = await capture(browser);
    const url = new URL(`/continue?state=${stateOf(page)}&state=${stateOf(page)}`, world.issuer);
    expect((await browser.post(url, { answer: signToken(goodAnswer(page)) }, page.url.host)).status).toBe(400);
  });

  test('T19 a browser that did not start the login is refused and uses nothing up', async () => {
    const [attacker, victim] = [world.browser(), world.browser()];
    const { login, page } = await capture(attacker);
    await capture(victim);
    for (const stranger of [victim, world.browser()]) {
      const end = await answer(stranger, page);
      expect(end.status).toBe(400);
      expect(end.text).toContain('invalid_request');
    }
    await world.redeem(login, await answer(attacker, page));
  });

  test('a login page of another browser is refused, so nobody logs in for anyone else', async () => {
    const [attacker, victim] = [world.browser(), world.browser()];
    const form = await attacker.open((await world.begin()).url);
    expect((await victim.open(form.url)).status).toBe(400);
    expect((await victim.submit(form, { email: ALICE.email, password: ALICE.password })).status).toBe(400);
  });

  test.each([['PUT'], ['DELETE']])('%s is not a way back', async (method) => {
    const { loopbackFetch } = await import('../../support/browserless-agent.ts');
    const response = await loopbackFetch(new URL('/continue?state=x', world.issuer), { method });
    expect(response.status).toBe(404);
  });
});

describe('validateToken', () => {
  const cases: [title: string, reason: string, make: (page: Page) => string][] = [
    ['no token', 'There is no session token in the request', () => ''],
    ['no JWT', 'malformed token', () => 'a.b'],
    ['five parts', 'malformed token', (page) => `${signToken(goodAnswer(page))}.a.b`],
    ['another key', 'Failed signature verification', (page) => signToken(goodAnswer(page), undefined, `${SECRET}x`)],
    ['changed claims', 'Failed signature verification', (page) => tamper(signToken(goodAnswer(page)))],
    ['alg none', 'unexpected algorithm', (page) => signToken(goodAnswer(page), { alg: 'none', typ: 'JWT' })],
    ['alg RS256', 'unexpected algorithm', (page) => signToken(goodAnswer(page), { alg: 'RS256', typ: 'JWT' })],
    ['typ missing', 'unexpected type', (page) => signToken(goodAnswer(page), { alg: 'HS256' })],
    ...['iat', 'exp', 'sub', 'iss'].map((name): [string, string, (page: Page) => string] => [
      `${name} missing`,
      'Missing or invalid standard claims',
      (page) => signToken({ ...goodAnswer(page), [name]: undefined }),
    ]),
    ['iss of another tenant', 'standard claims', (page) => signToken({ ...goodAnswer(page), iss: 'other.example' })],
    ['iss with scheme', 'standard claims', (page) => signToken({ ...goodAnswer(page), iss: `https://${HOST}/` })],
    ['sub of another user', 'does not match the user', (page) => signToken({ ...goodAnswer(page), sub: 'auth0|0' })],
    ['expired', 'expired', (page) => signToken({ ...goodAnswer(page), exp: Math.floor(Date.now() / 1000) })],
    ['other state', 'does not match the /continue state', (page) => signToken({ ...goodAnswer(page), state: 'x' })],
    ['no state', 'does not match the /continue state', (page) => signToken({ ...goodAnswer(page), state: undefined })],
  ];
  const tamper = (token: string): string => {
    const [head, , signature] = token.split('.');
    return [head, Buffer.from('{"sub":"auth0|0"}').toString('base64url'), signature].join('.');
  };

  test.each(cases)('refuses: %s', async (_title, reason, make) => {
    const browser = world.browser();
    const { page } = await capture(browser);
    const url = new URL(`/continue?${new URLSearchParams({ state: stateOf(page) })}`, world.issuer);
    const end = await browser.post(url, { answer: make(page) }, page.url.host);
    expect(errorOf(end)?.[0]).toBe('access_denied');
    expect(errorOf(end)?.[1]).toContain(reason);
  });

  test('a token of one login does not complete another of the same user', async () => {
    const browser = world.browser();
    const { page: first } = await capture(browser);
    const second = await browser.open((await world.begin()).url);
    const end = await answer(browser, second, goodAnswer(first));
    expect(errorOf(end)?.[1]).toContain('State in the token does not match the /continue state');
  });
});
