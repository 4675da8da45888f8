import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { afterEach, describe, expect, test } from 'vitest';
import type { Page } from '../../support/browserless-agent.ts';
import { goodAnswer, readSessionToken, signToken } from './capture-service.ts';
import { ALICE, CLAIM, errorOf, HOST, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

const worlds: TenantWorld[] = [];
const worldOf = async (...parameters: Parameters<typeof tenantWorld>): Promise<TenantWorld> => {
  const world = await tenantWorld(...parameters);
  worlds.push(world);
  return world;
};
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

const execute = (body: string, before = ''): string =>
  `${before}\nexports.onExecutePostLogin = async (event, api) => { ${body} };`;
/** Puts a value into the ID token, where the test finds it. */
const reveal = (expression: string, before = ''): string =>
  execute(`api.idToken.setCustomClaim('${CLAIM}', ${expression});`, before);

const revealed = async (world: TenantWorld, parameters: Record<string, string> = {}): Promise<unknown> => {
  const login = await world.begin(parameters);
  return (await world.redeem(login, await logIn(world.browser(), login))).claims()?.[CLAIM];
};

const continueWith = (world: TenantWorld, browser: ReturnType<TenantWorld['browser']>, page: Page) => {
  const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, world.issuer);
  return browser.post(url, { session_token: signToken(goodAnswer(page)) }, page.url.host);
};

describe('what Auth0 would not deploy', () => {
  test('an Action of 100 kB runs, one that is a byte larger is refused', async () => {
    const code = reveal('true');
    const padded = (bytes: number) => `${code}//${'x'.repeat(bytes - code.length - 2)}`;
    expect(await revealed(await worldOf([padded(100_000)]))).toBe(true);
    await expect(tenantWorld([padded(100_001)])).rejects.toThrow('larger than 100 kB');
  });

  test.each([
    ['exports.onExecutePostLogin = (event, api) => Promise.resolve();'],
    ['exports.onContinuePostLogin = function (event, api) {};'],
    ['exports.onExecutePostLogin = 1;'],
  ])('a handler that is not an async function is refused: %s', async (code) => {
    await expect(tenantWorld([code])).rejects.toThrow('must be an async function');
  });

  test('a file that does not parse is refused', async () => {
    await expect(tenantWorld(['exports.onExecutePostLogin = async (event => {'])).rejects.toThrow(SyntaxError);
  });
});

describe('the module', () => {
  test('is initialized once for all logins', async () => {
    const world = await worldOf([reveal('++count', 'let count = 0;')]);
    expect([await revealed(world), await revealed(world)]).toEqual([1, 2]);
  });

  test('finds modules of Node, and no others', async () => {
    const world = await worldOf([
      reveal(
        `{ crypto: typeof require('node:crypto').createHmac, jose: tried }`,
        `let tried = 'loaded'; try { require('jose'); } catch (error) { tried = error.message; }`,
      ),
    ]);
    expect(await revealed(world)).toEqual({ crypto: 'function', jose: "Cannot find module 'jose'" });
  });

  test.each([
    ['an error while it starts', 'throw new Error("secret detail");', ''],
    ['an error in the handler', '', 'throw new Error("secret detail");'],
  ])('%s fails every login and discloses nothing to the app', async (_title, before, body) => {
    const world = await worldOf([execute(body, before)]);
    for (let login = 0; login < 2; login += 1) {
      const page = await logIn(world.browser(), await world.begin());
      expect(errorOf(page)).toEqual(['access_denied', 'Something went wrong']);
    }
    expect(world.lines.filter((line) => line.includes('secret detail'))).toHaveLength(2);
  });

  test('gets new secrets at the next call', async () => {
    const world = await worldOf([reveal('event.secrets.SECRET')]);
    world.setActionSecrets('action-0', { SECRET: 'rotated' });
    expect(await revealed(world)).toBe('rotated');
    expect(() => world.setActionSecrets('other', {})).toThrow('no Action other');
  });

  test('the console keeps 256 characters of a call', async () => {
    const world = await worldOf([
      execute(`console.log('a'.repeat(200), { code: 1 }); console.error('b'.repeat(200));`),
    ]);
    await logIn(world.browser(), await world.begin());
    const kept = world.lines.map((line) => line.replace('[action-0] ', ''));
    expect(kept.join('')).toHaveLength(256);
    expect(kept[0]).toContain('{ code: 1 }');
    await logIn(world.browser(), await world.begin());
    expect(world.lines).toHaveLength(4);
  });
});

describe('time', () => {
  const wait = (ms: number): string => `await new Promise((resolve) => setTimeout(resolve, ${ms}));`;

  test('an Action that never ends fails the login when its budget is over', async () => {
    const world = await worldOf([execute('await new Promise(() => {});')], { budgetMs: 50 });
    const page = await logIn(world.browser(), await world.begin());
    expect(errorOf(page)).toEqual(['access_denied', 'Something went wrong']);
    expect(world.lines.join()).toContain('longer than its budget');
  });

  test('all Actions share one budget', async () => {
    const world = await worldOf([execute(wait(60)), execute(wait(60))], { budgetMs: 100 });
    expect(errorOf(await logIn(world.browser(), await world.begin()))?.[1]).toBe('Something went wrong');
  });

  test('the budget starts again after a redirect', async () => {
    const action = `${execute(`${wait(150)} api.redirect.sendUserTo(event.secrets.CAPTURE);`)}
      exports.onContinuePostLogin = async (event, api) => { ${wait(150)} };`;
    const world = await worldOf([action], { budgetMs: 250 });
    const [browser, login] = [world.browser(), await world.begin()];
    const page = await logIn(browser, login);
    const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, world.issuer);
    await world.redeem(login, await browser.open(url, page.url.host));
  });
});

describe('the event', () => {
  test('contains what the app requested, without optional parts', async () => {
    const world = await worldOf([reveal('event')]);
    const event = await revealed(world, { login_hint: 'alice@example.com', ui_locales: 'de en' });
    expect(event).toMatchObject({
      transaction: {
        id: expect.stringMatching(/^tx_/),
        protocol: 'oidc-basic-profile',
        prompt: [],
        requested_scopes: ['openid', 'profile', 'email'],
        redirect_uri: 'http://bank.localhost/callback',
        state: expect.any(String),
        login_hint: 'alice@example.com',
        ui_locales: ['de', 'en'],
        metadata: {},
      },
      request: { hostname: HOST, ip: '127.0.0.1', method: 'GET', query: { client_id: 'bank' }, body: {} },
      authentication: { methods: [{ name: 'pwd', timestamp: expect.stringMatching(/Z$/) }] },
      session: { id: expect.any(String) },
      user: { email: ALICE.email, email_verified: true, name: ALICE.name, nickname: 'alice', app_metadata: {} },
      client: { client_id: 'bank', name: 'The bank', metadata: { tier: 'bank' } },
      connection: { name: 'Username-Password-Authentication', strategy: 'auth0' },
      tenant: { id: HOST },
      stats: { logins_count: 1 },
      secrets: { SECRET: expect.any(String) },
    });
    for (const part of ['refresh_token', 'organization', 'custom_domain', 'resource_server']) {
      expect(event).not.toHaveProperty(part);
    }
    expect(event).not.toHaveProperty('transaction.acr_values');
    expect(event).not.toHaveProperty('user.passwordHash');
  });

  test('acr_values are a list', async () => {
    const world = await worldOf([reveal('event.transaction.acr_values')]);
    expect(await revealed(world, { acr_values: 'urn:one https://two.example/' })).toEqual([
      'urn:one',
      'https://two.example/',
    ]);
  });

  test('an Action cannot change it', async () => {
    const world = await worldOf([execute(`event.user.app_metadata.admin = true;`), reveal('event.user.app_metadata')]);
    expect(await revealed(world)).toEqual({});
  });
});

describe('the api', () => {
  test('restricted claims, names that are not URLs and names on Auth0’s hosts are dropped; null removes a claim', async () => {
    const names = ['amr', 'acr', 'sub', 'iss', 'roles', 'groups', 'plain', 'urn:auth0:x', 'https://x.auth0.com/y'];
    const set = names.map((name) => `api.idToken.setCustomClaim('${name}', 'mine');`).join('');
    const world = await worldOf([execute(set), reveal('1'), reveal('null')], { customClaims: [CLAIM, ...names] });
    const login = await world.begin();
    const claims = (await world.redeem(login, await logIn(world.browser(), login))).claims();
    expect(Object.values(claims ?? {})).not.toContain('mine');
    expect(claims).not.toHaveProperty([CLAIM]);
    expect(world.lines.filter((line) => line.includes('claim dropped'))).toHaveLength(names.length);
  });

  test('the payload of encodeToken overrides the standard claims; its default lifetime is 900 s', async () => {
    const world = await worldOf([
      execute(`const token = api.redirect.encodeToken({ secret: event.secrets.SECRET, payload: { iss: 'mine', a: 1 } });
        api.redirect.sendUserTo(event.secrets.CAPTURE + '?kept=1', { query: { session_token: token } });`),
    ]);
    const page = await logIn(world.browser(), await world.begin());
    const { iss, a, iat, exp } = readSessionToken(page);
    expect({ iss, a, seconds: Number(exp) - Number(iat) }).toEqual({ iss: 'mine', a: 1, seconds: 900 });
    expect(page.url.searchParams.get('kept')).toBe('1');
  });

  test.each([
    ['recordMethod before a redirect', `api.authentication.recordMethod('https://m.example/')`],
    ['a relative address', `api.redirect.sendUserTo('/face')`],
    ['a custom scheme', `api.redirect.sendUserTo('app://face')`],
    ['the claim scope', `api.accessToken.setCustomClaim('scope', 'all')`],
    ['transaction metadata of an object', `api.transaction.setMetadata('a', {})`],
    ['transaction metadata over 8 kB', `api.transaction.setMetadata('a', 'x'.repeat(8193))`],
    ['transaction metadata over 16 kB', `[1, 2, 3].map((n) => api.transaction.setMetadata('a' + n, 'x'.repeat(8000)))`],
    ['a transaction key over 64', `api.transaction.setMetadata('x'.repeat(65), 1)`],
    ['refresh token metadata over 255', `api.refreshToken.setMetadata('a', 'x'.repeat(256))`],
    ['a 26th refresh token entry', `Array.from({ length: 26 }, (_, n) => api.refreshToken.setMetadata('a' + n, 'x'))`],
  ])('throws at %s', async (_title, statement) => {
    const world = await worldOf([execute(`${statement};`)]);
    expect(errorOf(await logIn(world.browser(), await world.begin()))?.[1]).toBe('Something went wrong');
  });

  test('calls can be chained', async () => {
    const world = await worldOf([
      execute(`api.idToken.setCustomClaim('${CLAIM}', 1).multifactor.enable('none').user.setAppMetadata('a', 1)
        .refreshToken.setMetadata('b', 'c').transaction.setMetadata('d', true);`),
    ]);
    expect(await revealed(world)).toBe(1);
  });

  test('app_metadata is written at the end of the login, even of a denied one, and null removes an entry', async () => {
    const world = await worldOf([
      execute(`const { step = 0 } = event.user.app_metadata;
        api.user.setAppMetadata('step', step === 1 ? null : step + 1).user.setUserMetadata('seen', true);
        api.access.deny('step ' + step + ' ' + event.user.app_metadata.step);`),
    ]);
    const reason = async () => errorOf(await logIn(world.browser(), await world.begin()))?.[1];
    expect([await reason(), await reason(), await reason()]).toEqual([
      'step 0 undefined',
      'step 1 1',
      'step 0 undefined',
    ]);
    const [alice] = JSON.parse(await readFile(join(world.folder, 'users.json'), 'utf8')) as { user_metadata: object }[];
    expect(alice?.user_metadata).toEqual({ seen: true });
  });

  test('metadata of a refresh token comes back at each refresh and is not shared between tokens', async () => {
    const world = await worldOf([
      execute(`if (event.refresh_token) {
          const { turn } = event.refresh_token.metadata;
          api.idToken.setCustomClaim('${CLAIM}', [event.transaction.protocol, turn]);
          if (turn) api.refreshToken.setMetadata('turn', turn + '+');
        } else if (event.request.query.login_hint) api.refreshToken.setMetadata('turn', event.request.query.login_hint);`),
    ]);
    const browser = world.browser();
    const config = await world.configurationOf('bank');
    const tokenFor = async (hint: string) => {
      const login = await world.begin({ scope: 'openid offline_access', ...(hint === '' ? {} : { login_hint: hint }) });
      const opened = await browser.open(login.url);
      const fields = { email: ALICE.email, password: ALICE.password };
      const page = opened.status === 0 ? opened : await browser.submit(opened, fields);
      return (await world.redeem(login, page)).refresh_token ?? '';
    };
    const refresh = async (token: string) => {
      const tokens = await oidc.refreshTokenGrant(config, token);
      return { claim: tokens.claims()?.[CLAIM], next: tokens.refresh_token ?? '' };
    };
    const [one, two, none] = [await tokenFor('one'), await tokenFor('two'), await tokenFor('')];
    const first = await refresh(one);
    expect(first.claim).toEqual(['oauth2-refresh-token', 'one']);
    expect((await refresh(first.next)).claim).toEqual(['oauth2-refresh-token', 'one+']);
    expect((await refresh(two)).claim).toEqual(['oauth2-refresh-token', 'two']);
    expect((await refresh(none)).claim).toEqual(['oauth2-refresh-token', null]);
  });

  test('a denied or redirected refresh gets no tokens', async () => {
    const world = await worldOf([
      execute(`if (event.refresh_token && event.refresh_token.metadata.deny) api.access.deny('no refresh');
        else if (event.refresh_token) { if (!api.redirect.canRedirect()) api.redirect.sendUserTo(event.secrets.CAPTURE); }
        else if (event.transaction.acr_values) api.refreshToken.setMetadata('deny', 'yes');`),
    ]);
    const config = await world.configurationOf('bank');
    const refresh = async (parameters: Record<string, string>) => {
      const login = await world.begin({ scope: 'openid offline_access', ...parameters });
      const tokens = await world.redeem(login, await logIn(world.browser(), login));
      return oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    };
    await expect(refresh({ acr_values: 'x' })).rejects.toMatchObject({
      error: 'access_denied',
      error_description: 'no refresh',
    });
    await expect(refresh({})).rejects.toMatchObject({ error: 'interaction_required' });
  });
});

describe('several Actions', () => {
  const redirecting = (name: string): string =>
    `${execute(`api.transaction.setMetadata('${name}', true); api.redirect.sendUserTo(event.secrets.CAPTURE + '/${name}', { query:
      { session_token: api.redirect.encodeToken({ secret: event.secrets.SECRET, payload: {} }) } });`)}
    exports.onContinuePostLogin = async (event, api) => {
      api.redirect.validateToken({ secret: event.secrets.SECRET });
      api.authentication.recordMethod('https://m.example/${name}');
    };`;

  test('each resumes its own redirect; the next sees what the earlier recorded', async () => {
    const world = await worldOf([
      redirecting('a'),
      redirecting('b'),
      reveal(`{ methods: event.authentication.methods.map((m) => m.name), metadata: event.transaction.metadata }`),
    ]);
    const [browser, login] = [world.browser(), await world.begin()];
    const first = await logIn(browser, login);
    expect(first.url.pathname).toBe('/face/a');
    const second = await continueWith(world, browser, first);
    expect(second.url.pathname).toBe('/face/b');
    expect((await continueWith(world, browser, first)).status).toBe(400);
    const tokens = await world.redeem(login, await continueWith(world, browser, second));
    expect(tokens.claims()?.[CLAIM]).toEqual({
      methods: ['pwd', 'https://m.example/a', 'https://m.example/b'],
      metadata: { a: true, b: true },
    });
  });

  test('a denial stops the Actions after it', async () => {
    const world = await worldOf([execute(`api.access.deny('first');`), execute(`console.log('ran');`)]);
    expect(errorOf(await logIn(world.browser(), await world.begin()))).toEqual(['access_denied', 'first']);
    expect(world.lines).toEqual([]);
  });

  test.each([
    ['that lacks the handler to return to', ''],
    ['that redirects again in onContinuePostLogin', `api.redirect.sendUserTo(event.secrets.CAPTURE);`],
    ['whose onContinuePostLogin throws', `throw new Error('x');`],
  ])('an Action %s fails the login', async (_title, body) => {
    const way = body === '' ? '' : `exports.onContinuePostLogin = async (event, api) => { ${body} };`;
    const world = await worldOf([`${execute(`api.redirect.sendUserTo(event.secrets.CAPTURE);`)}${way}`]);
    const browser = world.browser();
    const page = await logIn(browser, await world.begin());
    const url = new URL(`/continue?state=${page.url.searchParams.get('state')}`, world.issuer);
    expect(errorOf(await browser.open(url, page.url.host))).toEqual(['access_denied', 'Something went wrong']);
  });
});
