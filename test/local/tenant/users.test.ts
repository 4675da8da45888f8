import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../support/browserless-agent.ts';
import { ALICE, errorOf, HOST, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

const NOTHING = 'exports.onExecutePostLogin = async () => {};';
const REMEMBERING = `exports.onExecutePostLogin = async (event, api) => { api.user.setAppMetadata('seen', event.user.user_id); };`;

let world: TenantWorld;
beforeAll(async () => {
  world = await tenantWorld([NOTHING]);
});
afterAll(() => world.close());

const signUp = async (fields: Record<string, string>) => {
  const browser = world.browser();
  const login = await world.begin({ screen_hint: 'signup' });
  const form = await browser.open(login.url);
  return { login, form, page: await browser.submit(form, fields) };
};
let count = 0;
const newUser = () => {
  count += 1;
  return { name: `Person ${count}`, email: `person-${count}@example.com`, password: 'correct horse' };
};

describe('the login page', () => {
  test('names the app, says what it is, offers the seeded users and keeps a strict policy', async () => {
    const page = await world.browser().open((await world.begin()).url);
    expect(page.text).toContain('<h1>Log in to The bank</h1>');
    expect(page.text).toContain('for development only');
    expect(page.text).toContain('Try: <code>alice@example.com</code> with <code>harbour-alice</code>');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['a wrong password', { email: ALICE.email, password: 'wrong' }],
    ['an unknown address', { email: 'nobody@example.com', password: ALICE.password }],
    ['an empty password', { email: ALICE.email, password: '' }],
  ])('%s gives one clear message and keeps the address', async (_title, fields) => {
    const browser = world.browser();
    const login = await world.begin();
    const page = await logIn(browser, login, fields);
    expect(page.status).toBe(400);
    expect(page.text).toContain('role="alert">E-mail address or password is wrong.');
    expect(formOf(page).fields['email']).toBe(fields.email);
    await world.redeem(login, await browser.submit(page, { email: ALICE.email, password: ALICE.password }));
  });

  test('the address may be typed in capitals', async () => {
    const login = await world.begin();
    const typed = { email: ' Alice@Example.COM ', password: ALICE.password };
    await world.redeem(login, await logIn(world.browser(), login, typed));
  });

  test('T64 input and the app’s hints are shown as text', async () => {
    const attack = '"><script>alert(1)</script>';
    const browser = world.browser();
    const hinted = await browser.open((await world.begin({ login_hint: attack })).url);
    const failed = await browser.submit(hinted, { email: attack, password: 'x' });
    for (const page of [hinted, failed]) {
      expect(page.text).not.toContain('<script>');
      expect(formOf(page).fields['email']).toBe(attack);
    }
  });

  test.each([['/u/login'], ['/u/login?state=unknown'], ['/u/signup'], ['/continue']])(
    '%s without a login is refused',
    async (path) => {
      const page = await world.browser().open(new URL(path, world.issuer));
      expect(page.status).toBe(400);
    },
  );
});

describe('sign-up', () => {
  test('creates an account and logs in', async () => {
    const user = newUser();
    const { login, form, page } = await signUp(user);
    expect(form.url.pathname).toBe('/u/signup');
    const claims = (await world.redeem(login, page)).claims();
    expect(claims).toMatchObject({ email: user.email, name: user.name, email_verified: false });
    expect(claims?.sub).toMatch(/^auth0\|[0-9a-f]{24}$/);
  });

  test('is linked from the login page', async () => {
    const browser = world.browser();
    const form = await browser.open((await world.begin()).url);
    const [, path = ''] = /href="(\/u\/signup[^"]*)"/.exec(form.text) ?? [];
    expect((await browser.open(new URL(path, world.issuer))).text).toContain('Sign up for The bank');
  });

  test.each([
    ['no name', { name: '' }, 'Enter your name'],
    ['no address', { email: 'nonsense' }, 'valid e-mail address'],
    ['a short password', { password: 'seven77' }, 'at least 8 characters'],
    ['a taken address', { email: ALICE.email }, 'already an account with this e-mail address'],
  ])('%s is explained', async (_title, change, message) => {
    const { page } = await signUp({ ...newUser(), ...change });
    expect(page.status).toBe(400);
    expect(page.text).toContain(message);
  });
});

describe('what lasts', () => {
  test('users, their ids and metadata, and the signing keys survive a restart; apps log in again', async () => {
    const first = await tenantWorld([REMEMBERING]);
    const login = await first.begin();
    const before = (await first.redeem(login, await logIn(first.browser(), login))).claims();
    const keys = (issuer: string) => first.browser().open(new URL('.well-known/jwks.json', issuer));
    const keysBefore = (await keys(first.issuer)).text;
    await first.stop();
    const second = await tenantWorld(
      [`exports.onExecutePostLogin = async (event, api) => api.access.deny(event.user.app_metadata.seen);`],
      { folder: first.folder },
    );
    try {
      expect((await keys(second.issuer)).text).toBe(keysBefore);
      const page = await logIn(second.browser(), await second.begin());
      expect(errorOf(page)).toEqual(['access_denied', before?.sub]);
    } finally {
      await second.close();
    }
  });

  test('the file holds no password and is readable by its owner only', async () => {
    const path = join(world.folder, 'users.json');
    expect(await readFile(path, 'utf8')).not.toContain(ALICE.password);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test.each([['users.json'], ['keys.json']])('a damaged %s stops the start with a plain sentence', async (file) => {
    const first = await tenantWorld([NOTHING]);
    await first.stop();
    await writeFile(join(first.folder, file), '{"half');
    await expect(tenantWorld([NOTHING], { folder: first.folder })).rejects.toThrow('is damaged');
    await first.close();
  });
});

test('discovery shows the routes of Auth0', async () => {
  const page = await world.browser().open(new URL('.well-known/openid-configuration', world.issuer));
  expect(new URL(world.issuer).hostname).toBe(HOST);
  expect(JSON.parse(page.text)).toMatchObject({
    issuer: world.issuer,
    authorization_endpoint: `${world.issuer}authorize`,
    token_endpoint: `${world.issuer}oauth/token`,
    userinfo_endpoint: `${world.issuer}userinfo`,
    jwks_uri: `${world.issuer}.well-known/jwks.json`,
    end_session_endpoint: `${world.issuer}oidc/logout`,
  });
});
