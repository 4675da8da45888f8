import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_METADATA } from '../../../action/src/settings-of-login.ts';
import { DEFAULT_CLAIM_NAMESPACE } from '../../../contract/protocol/claims.ts';
import { type RunningDemoApp, startDemoApp } from '../../../local/demo/start-demo-app.ts';
import { BrowserlessAgent, type Page } from '../../support/browserless-agent.ts';
import { answerFaceCheck, builtActionWorld, isAtFaceCheck } from './built-action.ts';
import { ALICE, BOB, HOST, type TenantWorld } from './tenant-world.ts';

const BANK = 'bank.localhost';
const SECRET = 'a-secret-of-the-bank-with-32-characters';
const ACR = 'https://authid.ai/policies/multi-factor';

let tenant: TenantWorld;
let bank: RunningDemoApp;
/** How far the bank's clock is ahead, in milliseconds. */
let aheadMs = 0;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  const port = await freePort();
  const door = (clientId: string, metadata: Record<string, string>) => ({
    clientId,
    clientSecret: SECRET,
    name: 'Harbour Bank',
    redirectUris: [`http://${BANK}:${port}/callback`],
    logoutUris: [`http://${BANK}:${port}/`],
    metadata,
  });
  const face = door('harbour-bank', {});
  const password = door('harbour-bank-on-demand', { [APP_METADATA.mode]: 'on-demand' });
  tenant = await builtActionWorld({}, { clients: [face, password] });
  bank = await startDemoApp({
    port,
    hostname: BANK,
    issuer: tenant.issuer,
    clients: { face, password },
    claimNamespace: DEFAULT_CLAIM_NAMESPACE,
    clockMs: () => Date.now() + aheadMs,
  });
});
afterAll(async () => {
  await bank?.close();
  await tenant?.close();
});

/** A browser that stops at the hosted page. */
const newBrowser = (): BrowserlessAgent => new BrowserlessAgent((url) => url.hostname.endsWith('.localhost'));
const logIn = async (browser: BrowserlessAgent, path: string, user: typeof ALICE | typeof BOB = ALICE) =>
  browser.submit(await browser.open(`${bank.publicUrl}${path}`), { email: user.email, password: user.password });
const send = (browser: BrowserlessAgent, amount: string, to = 'Bob Brown'): Promise<Page> =>
  browser.post(`${bank.publicUrl}/transfer`, { to, amount }, BANK);
const account = (browser: BrowserlessAgent): Promise<Page> => browser.open(`${bank.publicUrl}/account`);
const stepUp = (browser: BrowserlessAgent): Promise<Page> => browser.open(`${bank.publicUrl}/step-up`, BANK);
const answer = (browser: BrowserlessAgent, page: Page, change: object = {}): Promise<Page> =>
  answerFaceCheck(browser, page, tenant.issuer, change);

const loggedIn = async (): Promise<BrowserlessAgent> => {
  const browser = newBrowser();
  const page = await logIn(browser, '/login/password');
  expect(page.url.pathname).toBe('/account');
  return browser;
};

describe('the door of the password', () => {
  test('shows the account without a face check and says that there was none', async () => {
    const page = await account(await loggedIn());
    expect(page.text).toContain('€ 4,217.30');
    expect(page.text).toContain('Second factor: none in this login.');
  });

  test('a small transfer needs no face', async () => {
    const browser = await loggedIn();
    const page = await send(browser, '500');
    expect(page.text).toContain('Transfer made');
    expect((await account(browser)).text).toContain('€ 3,717.30');
  });

  test('a large one waits for the face check and is made after it, and for five minutes further ones need no new check', async () => {
    const browser = await loggedIn();
    const confirm = await send(browser, '500.01', 'Quay 7 Rentals');
    expect(confirm.text).toContain('Confirm with your face');
    expect((await account(browser)).text).toContain('€ 4,217.30');
    const check = await stepUp(browser);
    expect(isAtFaceCheck(check)).toBe(true);
    const made = await answer(browser, check);
    expect(made.text).toContain('<strong>€ 500.01</strong> to Quay 7 Rentals');
    expect((await account(browser)).text).toContain('€ 3,717.29');
    expect((await send(browser, '1000')).text).toContain('Transfer made');
    aheadMs = 300_000;
    try {
      expect((await send(browser, '1000')).text).toContain('Confirm with your face');
    } finally {
      aheadMs = 0;
    }
  });

  test.each([
    ['', 'Enter an amount'],
    ['-5', 'Enter an amount'],
    ['1e3', 'Enter an amount'],
    ['0.00', 'above zero'],
    ['999999', 'not enough money'],
    ['"><script>', 'Enter an amount'],
  ])('an amount of %j is refused with an explanation, and stays in the form', async (amount, words) => {
    const page = await send(await loggedIn(), amount);
    expect(page.status).toBe(400);
    expect(page.text).toContain(words);
    expect(page.text).not.toContain('<script>');
  });

  test('nobody sends money without a login', async () => {
    expect((await send(newBrowser(), '10')).url.pathname).toBe('/');
  });
});

describe('T23 what the browser can do to a step-up', () => {
  /** The address that the bank sends the browser to, taken from the redirect before it is followed. */
  const request = async (browser: BrowserlessAgent): Promise<URL> => {
    let seen: URL | null = null;
    const watcher = new BrowserlessAgent((url) => {
      if (url.hostname === HOST) seen = url;
      return url.hostname === BANK;
    });
    watcher.adopt(browser);
    await watcher.open(`${bank.publicUrl}/step-up`, BANK);
    browser.adopt(watcher);
    if (seen === null) throw new Error('no request');
    return seen;
  };

  test.each<[string, (url: URL) => void]>([
    ['removing acr_values', (url) => url.searchParams.delete('acr_values')],
    ['another policy', (url) => url.searchParams.set('acr_values', 'urn:example:loa1')],
    [
      'a long max_age',
      (url) => {
        url.searchParams.delete('acr_values');
        url.searchParams.set('max_age', '99999999');
      },
    ],
  ])('%s gains nothing: the bank finds no face in the token and keeps the money', async (_, change) => {
    const browser = await loggedIn();
    await send(browser, '1200');
    const url = await request(browser);
    expect(url.searchParams.get('acr_values')).toBe(ACR);
    change(url);
    const page = await browser.open(url, BANK);
    expect(page.url.pathname).toBe('/callback');
    expect(page.status).toBe(403);
    expect(page.text).toContain('The transfer was not made');
    expect((await account(browser)).text).toContain('€ 4,217.30');
  });

  test('another user who passes the face check in between does not confirm it', async () => {
    const browser = await loggedIn();
    await send(browser, '1200');
    const url = await request(browser);
    const loggedOut = newBrowser();
    loggedOut.adopt(browser, BANK);
    const form = await loggedOut.open(url, BANK);
    const check = await loggedOut.submit(form, { email: BOB.email, password: BOB.password });
    const page = await answer(loggedOut, check);
    expect(page.status).toBe(403);
    expect(page.text).toContain('Someone else');
    expect((await account(browser)).text).toContain('€ 4,217.30');
  });

  test('the face of the owner, checked in another browser, confirms nothing for a thief who only has the password', async () => {
    const [thief, owner] = [await loggedIn(), await loggedIn()];
    await send(owner, '1200');
    expect((await answer(owner, await stepUp(owner))).text).toContain('Transfer made');
    expect((await send(thief, '1200')).text).toContain('Confirm with your face');
  });

  test('an old face check does not confirm it, even if the answer is genuine', async () => {
    const browser = await loggedIn();
    await send(browser, '1200');
    const check = await stepUp(browser);
    aheadMs = 301_000;
    try {
      expect((await answer(browser, check)).text).toContain('The transfer was not made');
    } finally {
      aheadMs = 0;
    }
  });
});

describe('a refused face', () => {
  test('is reported with its code, starts nothing by itself, and leaves login and money as they were', async () => {
    const browser = await loggedIn();
    await send(browser, '1200');
    const page = await answer(browser, await stepUp(browser), { res: 'no_match', event: null, vat: null });
    expect(page.status).toBe(403);
    expect(page.text).toContain('<code id="code">face_not_verified</code>');
    expect(page.text).toContain('href="/step-up">Try again');
    expect(page.text).not.toMatch(/http-equiv|<script/);
    expect((await account(browser)).text).toContain('€ 4,217.30');
    const made = await answer(browser, await stepUp(browser));
    expect(made.text).toContain('Transfer made');
  });
});

describe('the door of the face', () => {
  test('its check counts for transfers of the next five minutes', async () => {
    const browser = newBrowser();
    const page = await answer(browser, await logIn(browser, '/login'), { res: 'enrolled', event: 'enrolled' });
    expect(page.text).toContain('Second factor: face enrolled');
    expect((await send(browser, '1200')).text).toContain('Transfer made');
  });
});
