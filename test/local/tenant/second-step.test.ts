import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserlessAgent, Page } from '../../support/browserless-agent.ts';
import { goodAnswer, signToken } from './capture-service.ts';
import { ALICE, CLAIM, errorOf, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

/** Does what the app writes into `login_hint`, and always reveals how the session authenticated. */
const REQUESTING = `
exports.onExecutePostLogin = async (event, api) => {
  const requested = event.transaction.login_hint ?? event.request.body.requested ?? '';
  if (requested === 'none') api.multifactor.enable('none');
  if (requested === 'any') api.multifactor.enable('any', { allowRememberBrowser: true });
  if (requested === 'always') api.multifactor.enable('any', { allowRememberBrowser: false });
  if (requested === 'face') api.redirect.sendUserTo(event.secrets.CAPTURE, { query:
    { session_token: api.redirect.encodeToken({ secret: event.secrets.SECRET, payload: {} }) } });
  api.idToken.setCustomClaim('${CLAIM}', event.authentication?.methods.map((method) => method.name) ?? []);
};
exports.onContinuePostLogin = async (event, api) => { api.redirect.validateToken({ secret: event.secrets.SECRET }); };`;

let strict: TenantWorld;
let lenient: TenantWorld;
beforeAll(async () => {
  [strict, lenient] = await Promise.all([tenantWorld([REQUESTING], { mfa: 'always' }), tenantWorld([REQUESTING])]);
});
afterAll(() => Promise.all([strict.close(), lenient.close()]));

const start = async (world: TenantWorld, login_hint: string, browser = world.browser()) => {
  const login = await world.begin({ login_hint });
  const opened = await browser.open(login.url);
  const page =
    opened.url.pathname === '/u/login'
      ? await browser.submit(opened, { email: ALICE.email, password: ALICE.password })
      : opened;
  return { login, browser, page };
};
const isStep = (page: Page): boolean => page.url.pathname === '/u/mfa-email-challenge';
const codeOf = (world: TenantWorld): string => {
  const entry = world.journal.entries.find(({ kind }) => kind === 'code');
  return entry?.kind === 'code' ? entry.code : '';
};
const pass = (world: TenantWorld, browser: BrowserlessAgent, page: Page) =>
  browser.submit(page, { code: codeOf(world) });

describe("the tenant's own second step", () => {
  test('comes after the Actions, is asked once per session, and is in amr only that one time', async () => {
    const { login, browser, page } = await start(strict, '');
    expect(isStep(page)).toBe(true);
    const first = (await strict.redeem(login, await pass(strict, browser, page))).claims();
    expect(first).toMatchObject({ amr: ['mfa'], [CLAIM]: ['pwd'] });
    const next = await start(strict, '', browser);
    const second = (await strict.redeem(next.login, next.page)).claims();
    expect(second).toMatchObject({ [CLAIM]: ['pwd', 'mfa'] });
    expect(second).not.toHaveProperty('amr');
  });

  test("follows an Action's redirect, and the Actions do not run twice", async () => {
    const { login, browser, page } = await start(strict, 'face');
    expect(page.url.host).toBe('capture.example');
    const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, strict.issuer);
    const step = await browser.post(url, { session_token: signToken(goodAnswer(page)) }, page.url.host);
    expect(isStep(step)).toBe(true);
    const passes = () => strict.journal.entries.filter(({ kind }) => kind === 'login').length;
    const before = passes();
    expect((await strict.redeem(login, await pass(strict, browser, step))).claims()?.['amr']).toEqual(['mfa']);
    expect(passes()).toBe(before);
  });

  test("an Action skips it by enable('none')", async () => {
    const { login, page } = await start(strict, 'none');
    expect((await strict.redeem(login, page)).claims()).not.toHaveProperty('amr');
  });

  test('an Action requests it if the tenant does not, each time if it chooses to', async () => {
    const { browser, page } = await start(lenient, 'any');
    expect(isStep(page)).toBe(true);
    await pass(lenient, browser, page);
    expect(isStep((await start(lenient, 'any', browser)).page)).toBe(false);
    expect(isStep((await start(lenient, 'always', browser)).page)).toBe(true);
    expect(isStep((await start(lenient, '')).page)).toBe(false);
  });

  test('a silent login ends in interaction_required', async () => {
    const { browser } = await start(strict, '');
    const page = await browser.open((await strict.begin({ prompt: 'none' })).url);
    expect(errorOf(page)).toEqual(['interaction_required', 'Multifactor authentication required']);
  });

  test('the password grant, which cannot pass it, ends in mfa_required', async () => {
    const { body } = await strict.askToken({
      grant_type: 'password',
      username: ALICE.email,
      password: ALICE.password,
    });
    expect(body['error']).toBe('mfa_required');
  });

  test('a wrong code gets a plain message; after five, the code is no longer valid', async () => {
    const { browser, page } = await start(strict, '');
    const code = codeOf(strict);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answer = await browser.submit(page, { code: wrong });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('role="alert"')]);
    }
    expect(isStep(await browser.submit(page, { code }))).toBe(true);
  });

  test('another browser cannot take over the step', async () => {
    const { page } = await start(strict, '');
    expect((await strict.browser().open(page.url)).status).toBe(400);
    expect((await pass(strict, strict.browser(), page)).status).toBe(400);
  });
});

describe('a custom domain', () => {
  const LOGIN_HOST = 'login.localhost';
  const REVEALING = `
  exports.onExecutePostLogin = async (event, api) => {
    api.redirect.sendUserTo(event.secrets.CAPTURE, { query: { session_token: api.redirect.encodeToken({ secret: event.secrets.SECRET,
      payload: { custom: event.custom_domain?.domain ?? null } }) } });
  };
  exports.onContinuePostLogin = async (event, api) => {
    const { iss } = api.redirect.validateToken({ secret: event.secrets.SECRET });
    api.idToken.setCustomClaim('${CLAIM}', { iss, hostname: event.request.hostname, domain: event.custom_domain });
  };`;
  let world: TenantWorld;
  beforeAll(async () => {
    world = await tenantWorld([REVEALING], { customDomains: [LOGIN_HOST] });
  });
  afterAll(() => world.close());

  const answerAt = (host: string, browser: BrowserlessAgent, page: Page) => {
    const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, world.issuer);
    url.hostname = host;
    return browser.post(url, { session_token: signToken({ ...goodAnswer(page), iss: host }) }, page.url.host);
  };

  test('is the host name that the Action sees, the issuer of the tokens, and where the login continues', async () => {
    const { login, config } = await world.beginAt(LOGIN_HOST);
    const browser = world.browser();
    const page = await logIn(browser, login);
    const tokens = await world.redeemWith(config, login, await answerAt(LOGIN_HOST, browser, page));
    const { port } = new URL(world.issuer);
    expect(tokens.claims()).toMatchObject({
      iss: `http://${LOGIN_HOST}:${port}/`,
      [CLAIM]: { iss: LOGIN_HOST, hostname: LOGIN_HOST, domain: { domain: LOGIN_HOST } },
    });
  });

  test("the tenant's own name does not take over the login, and names no custom domain", async () => {
    const browser = world.browser();
    const page = await logIn(browser, (await world.beginAt(LOGIN_HOST)).login);
    expect((await answerAt('tenant.localhost', browser, page)).status).toBe(400);
    const own = await world.begin();
    const captured = await logIn(browser, own);
    const tokens = await world.redeem(own, await answerAt('tenant.localhost', browser, captured));
    expect(tokens.claims()?.[CLAIM]).toEqual({ iss: 'tenant.localhost', hostname: 'tenant.localhost' });
  });
});
