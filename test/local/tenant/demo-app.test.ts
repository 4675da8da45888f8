import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_CLAIM_NAMESPACE } from '../../../contract/protocol/claims.ts';
import { DENY_CODES } from '../../../contract/protocol/outcomes.ts';
import { explainDenial } from '../../../local/demo/explain-denial.ts';
import { type RunningDemoApp, startDemoApp } from '../../../local/demo/start-demo-app.ts';
import { type RunningTenant, startTenant } from '../../../local/tenant/start-tenant.ts';
import { BrowserlessAgent, type Page } from '../../support/browserless-agent.ts';
import { ALICE, BOB, HOST } from './tenant-world.ts';

const BANK = 'bank.localhost';
const FACE_AT = 1_790_000_000;
const CLAIMS = ['amr', 'face_at', 'event'].map((name) => `${DEFAULT_CLAIM_NAMESPACE}${name}`);
const SECRET = 'a-secret-of-the-bank-with-32-characters';
const CLIENTS = {
  face: { clientId: 'harbour-bank', clientSecret: SECRET },
  password: { clientId: 'harbour-bank-on-demand', clientSecret: SECRET },
};

/** Denies or sets claims as the test's file says. */
const ACTION = (scenario: string): string => `
const { readFileSync } = require('node:fs');
exports.onExecutePostLogin = async (event, api) => {
  const { deny, claims } = JSON.parse(readFileSync(${JSON.stringify(scenario)}, 'utf8'));
  if (deny) return void api.access.deny(deny);
  for (const [name, value] of Object.entries(claims)) api.idToken.setCustomClaim('${DEFAULT_CLAIM_NAMESPACE}' + name, value);
};`;

let folder: string;
let tenant: RunningTenant;
let bank: RunningDemoApp;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const setScenario = (scenario: { deny?: string; claims?: Record<string, unknown> }): Promise<void> =>
  writeFile(join(folder, 'scenario.json'), JSON.stringify({ claims: {}, ...scenario }));
const withFace = () => setScenario({ claims: { amr: 'MFA', face_at: FACE_AT, event: 'verified' } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-'));
  const file = join(folder, 'action.cjs');
  await writeFile(file, ACTION(join(folder, 'scenario.json')));
  const port = await freePort();
  tenant = await startTenant({
    port: 0,
    hostname: HOST,
    folder,
    actions: [{ name: 'face', file, secrets: {} }],
    clients: Object.values(CLIENTS).map((client) => ({
      ...client,
      name: 'Harbour Bank',
      redirectUris: [`http://${BANK}:${port}/callback`],
      logoutUris: [`http://${BANK}:${port}/`],
      metadata: {},
    })),
    seedUsers: [ALICE, BOB],
    customClaims: CLAIMS,
  });
  const options = { port, hostname: BANK, issuer: tenant.issuer, claimNamespace: DEFAULT_CLAIM_NAMESPACE };
  bank = await startDemoApp({ ...options, clients: CLIENTS });
});
afterAll(async () => {
  await bank.close();
  await tenant.close();
  await rm(folder, { recursive: true, force: true });
});

const logIn = async (browser: BrowserlessAgent, form?: Page): Promise<Page> => {
  const page = form ?? (await browser.open(`${bank.publicUrl}/login`));
  return browser.submit(page, { email: ALICE.email, password: ALICE.password });
};

describe('a login', () => {
  test('with a face shows the account, the time of the check and the claims framed', async () => {
    await withFace();
    const page = await logIn(new BrowserlessAgent());
    expect(page.url.href).toBe(`${bank.publicUrl}/account`);
    expect(page.text).toContain('Welcome, Alice Anderson');
    expect(page.text).toContain('€ 4,217.30');
    expect(page.text).toContain('Second factor: face verified, <time datetime="2026-09-21T14:13:20.000Z">');
    expect(page.text.match(/<tr class="mark">/g)).toHaveLength(3);
  });

  test.each([
    ['no claim', {}],
    ['another value', { amr: 'mfa', face_at: FACE_AT }],
    ['a list', { amr: ['MFA'], face_at: FACE_AT }],
    ['no time', { amr: 'MFA' }],
    ['an invalid time', { amr: 'MFA', face_at: 'now' }],
  ])('with %s keeps the balance hidden', async (_title, claims) => {
    await setScenario({ claims });
    const page = await logIn(new BrowserlessAgent());
    expect(page.text).toContain('Second factor: none in this login.');
    expect(page.text).not.toContain('4,217.30');
  });

  test('in two tabs succeeds in both', async () => {
    await withFace();
    const browser = new BrowserlessAgent();
    const forms = [await browser.open(`${bank.publicUrl}/login`), await browser.open(`${bank.publicUrl}/login`)];
    for (const form of forms) expect((await logIn(browser, form)).url.pathname).toBe('/account');
  });

  test('cannot be planted in another browser', async () => {
    await withFace();
    const [attacker, victim] = [new BrowserlessAgent((url) => url.pathname !== '/callback'), new BrowserlessAgent()];
    const { url } = await logIn(attacker);
    expect(url.pathname).toBe('/callback');
    await victim.open(`${bank.publicUrl}/login`);
    const planted = await victim.open(url, 'evil.example');
    expect(planted.status).toBe(400);
    expect((await victim.open(`${bank.publicUrl}/account`)).text).not.toContain('Alice');
  });

  test('gives the session a new id', async () => {
    await withFace();
    const browser = new BrowserlessAgent();
    const form = await browser.open(`${bank.publicUrl}/login`);
    const [before] = browser.cookies(BANK);
    await logIn(browser, form);
    const [after] = browser.cookies(BANK);
    expect(after?.value).not.toBe(before?.value);
  });

  test('ends at the bank and at the tenant', async () => {
    await withFace();
    const browser = new BrowserlessAgent();
    const account = await logIn(browser);
    const leaving = await browser.submit(account);
    expect((await browser.submit(leaving)).url.href).toBe(`${bank.publicUrl}/`);
    expect((await browser.open(`${bank.publicUrl}/account`)).url.pathname).toBe('/');
    expect((await browser.open(`${bank.publicUrl}/login`)).url.pathname).toBe('/u/login');
  });

  test('an answer without a login in this browser is refused', async () => {
    const page = await new BrowserlessAgent().open(`${bank.publicUrl}/callback?code=x&state=y`);
    expect(page.status).toBe(400);
  });

  test('an answer that the tenant does not know ends in a plain message', async () => {
    const browser = new BrowserlessAgent((url) => url.hostname === BANK);
    const { url } = await browser.open(`${bank.publicUrl}/login`);
    const state = url.searchParams.get('state') ?? '';
    const query = new URLSearchParams({ code: 'unknown', state, iss: tenant.issuer });
    const page = await browser.open(`${bank.publicUrl}/callback?${query}`);
    expect(page.status).toBe(502);
    expect(page.text).toContain('The login failed');
  });
});

describe('a refusal', () => {
  test.each(DENY_CODES)('%s is explained plainly with its support id, and nothing starts by itself', async (code) => {
    await setScenario({ deny: `${code}: Some words. Support id 7KQF-2M9D` });
    const page = await logIn(new BrowserlessAgent());
    expect(page.status).toBe(403);
    expect(page.url.pathname).toBe('/callback');
    expect(page.text).toContain(`<code id="code">${code}</code>`);
    expect(page.text).toContain('<code id="support-id">7KQF-2M9D</code>');
    expect(page.text).not.toMatch(/http-equiv|<script|location/);
    expect(page.text).not.toContain('The login was denied');
  });

  test('"Try again" asks who logs in, although the session at the tenant continues', async () => {
    await setScenario({ deny: 'face_declined: Some words. Support id 7KQF-2M9D' });
    const browser = new BrowserlessAgent();
    const page = await logIn(browser);
    const [, path = ''] = /class="button" href="([^"]*)">Try again/.exec(page.text) ?? [];
    const again = await browser.open(new URL(path, page.url), BANK);
    expect(again.url.pathname).toBe('/u/login');
    await withFace();
    expect((await logIn(browser, again)).url.pathname).toBe('/account');
  });

  test('the end of a lock is passed on', () => {
    const denial = explainDenial('face_locked: Too many tries. Try again at 10:40 UTC. Support id 7KQF-2M9D');
    expect(denial).toMatchObject({ code: 'face_locked', supportId: '7KQF-2M9D' });
    expect(denial.detail).toBe('Too many tries. Try again at 10:40 UTC.');
  });

  test.each([['Something went wrong'], [''], ['constructor: x'], ['face_unknown: x'], ['prefix face_locked: x']])(
    'an unknown text gets a plain fallback: %j',
    (text) => {
      expect(explainDenial(text)).toMatchObject({ code: 'access_denied', title: 'The login was denied' });
    },
  );

  test('T64 markup in the text is shown as text', async () => {
    await setScenario({ deny: 'face_locked: <img src=x onerror=alert(1)>. Support id 7KQF-2M9D' });
    const page = await logIn(new BrowserlessAgent());
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&#60;img');
  });
});

test('every page has a strict policy and leaves no trace in caches or referrers', async () => {
  await withFace();
  const browser = new BrowserlessAgent();
  for (const page of [await browser.open(bank.publicUrl), await logIn(browser)]) {
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(page.text).not.toMatch(/ style=|<style|<script| on[a-z]+=/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  }
  const style = await browser.open(`${bank.publicUrl}/bank.css`);
  expect(style.headers.get('content-type')).toContain('text/css');
});
