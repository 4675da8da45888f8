import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../../local/platform/seed.ts';
import { SEED_USERS } from '../../../local/platform/start-platform.ts';
import { launchChromium } from '../../support/chromium.ts';
import { freePortsFrom } from '../../support/free-ports.ts';
import { temporaryFolder } from '../../support/local-aws.ts';
import { type Product, runProduct } from '../../support/product.ts';
import { copySources } from '../../support/source-copy.ts';

const [ALICE] = SEED_USERS;

let folder: string;
let remove: () => Promise<void>;
let port: number;
let product: Product;
let browser: Browser;
let save: Awaited<ReturnType<typeof copySources>>['save'];
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  ({ save } = await copySources(folder));
  port = await freePortsFrom(5);
  const environment = { VERIFIED_DATA: join(folder, 'data'), VERIFIED_PORT: String(port), NODE_ENV: '' };
  product = runProduct(environment, ['--reload'], folder);
  [browser] = await Promise.all([launchChromium(), product.until('Ready in')]);
});
afterAll(async () => {
  await browser?.close();
  product?.process.kill('SIGTERM');
  await product?.ended;
  await remove();
});

/** A page in a separate window, and the errors that its browser reported. */
const openWindow = async (): Promise<{ page: Page; complaints: readonly string[] }> => {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', ({ message }) => void complaints.push(message));
  return { page, complaints };
};

const signIn = async (page: Page, { email, password }: { email: string; password: string }): Promise<void> => {
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('main button');
};

const portalUrl = (): string => `http://verified.localhost:${port + 1}/portal/`;

test('a page shows what was saved without being reloaded, and the operator stays signed in', async () => {
  const { page, complaints } = await openWindow();
  await page.goto(portalUrl());
  await signIn(page, OPERATOR);
  await page.getByRole('link', { name: 'Overview' }).waitFor();
  // Gone if the page is reloaded, as by a redirect to the issuer.
  await page.evaluate(() => Object.assign(window, { isStillHere: true }));

  const undo = await save('web/portal/text/en.ts', "overview: 'Overview'", "overview: 'Outlook'");
  await page.getByRole('link', { name: 'Outlook' }).waitFor();
  await product.until('↻ portal: shown');
  await undo();
  await page.getByRole('link', { name: 'Overview' }).waitFor();

  const fix = await save('web/portal/shell/top-bar.tsx', 'export const TopBar', 'export const } TopBar');
  await page.locator('vite-error-overlay').waitFor();
  await product.until('✗ web/portal/shell/top-bar.tsx:');
  // The last working version is still visible below.
  expect(await page.getByText(OPERATOR.email).count()).toBe(1);
  await fix();
  await page.locator('vite-error-overlay').waitFor({ state: 'detached' });

  expect(await page.evaluate(() => 'isStillHere' in window)).toBe(true);
  const ofTheMistake = /top-bar|status of 404/;
  expect(complaints.filter((text) => !ofTheMistake.test(text))).toEqual([]);
});

test('the policy of a page is the deployed one, except for one nonce and the socket that reports changes', async () => {
  const { capturePageHeaders } = await import('../../../web/capture/security-headers.ts');
  const response = await fetch(`http://127.0.0.1:${port + 1}/capture/`);
  const policy = response.headers.get('content-security-policy') ?? '';
  const deployed = capturePageHeaders({ livenessRegion: 'us-west-2', path: '/capture/' })['content-security-policy'];
  const asDeployed = policy
    .replaceAll(/'nonce-[\w-]+' /g, '')
    .replace(`ws://127.0.0.1:${port + 1} `, '')
    .replace(`ws://127.0.0.1:${port + 3}`, 'wss://streaming-rekognition.us-west-2.amazonaws.com');
  expect(asDeployed).toBe(deployed);
  const nonces = new Set(policy.match(/nonce-[\w-]+/g));
  expect([...nonces]).toHaveLength(1);
  const again = await fetch(`http://127.0.0.1:${port + 1}/capture/`);
  expect(again.headers.get('content-security-policy')).not.toContain([...nonces][0]);
});

test('sources of the pages are served, and nothing else of the folder', async () => {
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port + 1}/@fs${folder}/${path}`)).status;
  expect(await status('web/portal/app.tsx')).toBe(200);
  for (const path of ['data/seed.json', 'lambdas/composition/environment.ts', 'package.json']) {
    expect(await status(path), path).toBe(403);
    expect(await status(`${path}?import&raw`), path).toBe(403);
  }
});

test('a function answers with what was saved, and keeps its previous version if that does not compile', async () => {
  const page = async () => (await fetch(`http://127.0.0.1:${port + 1}/s/none?session_token=a&state=b`)).text();
  expect(await page()).toContain('This sign-in link does not work');
  const mistake = await save('lambdas/http/html-page.ts', 'export const messagePage', 'export const } messagePage');
  await product.until('✗ lambdas/http/html-page.ts:');
  expect(await page()).toContain('This sign-in link does not work');
  await save('lambdas/text/en.ts', 'This sign-in link does not work', 'This link leads nowhere');
  await mistake();
  await product.until('↻ functions: ');
  expect(await page()).toContain('This link leads nowhere');
});

test('the next login runs the saved Action, in the running tenant', async () => {
  const start = 'api: PostLoginApi): Promise<void> => {\n  failClosed(';
  await save(
    'action/src/post-login.ts',
    start,
    start.replace('failClosed(', "console.log('just saved');\n  failClosed("),
  );
  await product.until('↻ Action: installed in the tenant');
  const { page } = await openWindow();
  await page.goto(`http://bank.localhost:${port}/login?again=1`);
  await signIn(page, ALICE);
  await page.waitForURL(/\/capture\//);
  expect(product.said()).toContain('tenant [Verified face factor] just saved');
  const copied = await fetch(`http://127.0.0.1:${port + 1}/portal/verified-face-factor.js`);
  expect(await copied.text()).toContain('just saved');
});
