import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { freePortsFrom } from '../../support/free-ports.ts';
import { temporaryFolder } from '../../support/local-aws.ts';
import { pressStartUntil } from '../../support/press-start.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FIRST_PORT = await freePortsFrom(5);
const BANK = `http://bank.localhost:${FIRST_PORT}`;
const JOURNEY_MS = 180_000;

let browser: Browser;
let folder: string;
let remove: () => Promise<void>;
let product: ChildProcess;

/** What `npm start` runs, in a separate process. */
const startProduct = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, VERIFIED_PORT: String(FIRST_PORT), VERIFIED_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready in')) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error('the product did not start');
};

beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  [browser, product] = await Promise.all([launchChromium(), startProduct()]);
}, JOURNEY_MS);
afterAll(async () => {
  await browser?.close();
  product?.kill('SIGKILL');
  await remove();
});

const logIn = async (page: Page): Promise<void> => {
  await page.goto(`${BANK}/login?again=1`);
  await page.fill('#email', 'alice@example.com');
  await page.fill('#password', 'harbour-alice');
  await page.click('main button');
  await page.waitForURL(/\/capture\//);
};

const prepare = async (page: Page): Promise<void> => {
  await page.waitForSelector('.primary');
  await page.check('input[value=a]');
  const consent = page.locator('fieldset input[type=checkbox]');
  if ((await consent.count()) > 0) await consent.check();
};

const enter = async (page: Page): Promise<string> => {
  await prepare(page);
  await pressStartUntil(page, page.waitForURL(`${BANK}/account`, { timeout: JOURNEY_MS }), JOURNEY_MS);
  return (await page.textContent('main')) ?? '';
};

test(
  'T57 killed in the middle of the check and started again: the page offers to continue, and the user gets in',
  async () => {
    const page = await (await browser.newContext()).newPage();
    await logIn(page);
    const completing = page.waitForRequest(/\/complete$/, { timeout: JOURNEY_MS });
    await prepare(page);
    await pressStartUntil(page, completing, JOURNEY_MS);
    const ended = once(product, 'exit');
    product.kill('SIGKILL');
    await ended;
    await page.waitForSelector('h1:has-text("No connection")', { timeout: JOURNEY_MS });
    expect(await page.textContent('button.primary')).toBe('Try again');

    product = await startProduct();
    // The local tenant loses open logins when it is killed, so the user starts again at the app. What was written is complete:
    // either the face is stored and is verified, or it is not and is enrolled now.
    await logIn(page);
    expect(await enter(page)).toMatch(/face (enrolled|verified)/);
    await logIn(page);
    expect(await enter(page)).toContain('face verified');
  },
  JOURNEY_MS * 4,
);
