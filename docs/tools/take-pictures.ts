import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, SEED_USERS, startPlatform } from '../../local/platform/start-platform.ts';
import { launchChromium } from '../../test/support/chromium.ts';

// Takes the pictures of the docs from the running product: `npx tsx docs/tools/take-pictures.ts`; with `portal` those of the portal alone.
const FOLDER = fileURLToPath(new URL('../images/', import.meta.url));
const [ALICE] = SEED_USERS;
const PHONE = { width: 390, height: 844 };

/** A picture as small as it can be without looking worse: a palette suits pages, not faces. */
const compress = (png: Buffer, hasFace: boolean): Promise<Buffer> =>
  hasFace ? sharp(png).jpeg({ quality: 78, mozjpeg: true }).toBuffer() : sharp(png).png({ palette: true }).toBuffer();

const shoot = async (page: Page, hasFace = false): Promise<Buffer> => compress(await page.screenshot(), hasFace);

const take = async (page: Page, name: string, hasFace = false): Promise<Buffer> => {
  const picture = await shoot(page, hasFace);
  await writeFile(join(FOLDER, `${name}.${hasFace ? 'jpg' : 'png'}`), picture);
  return picture;
};

const STRIP_HEIGHT = 620;
const GAP = 16;

/** Pictures side by side, for the first page that a newcomer sees. */
const writeStrip = async (name: string, pictures: readonly Buffer[]): Promise<void> => {
  const scaled = await Promise.all(
    pictures.map((picture) =>
      sharp(picture).resize({ height: STRIP_HEIGHT }).png().toBuffer({ resolveWithObject: true }),
    ),
  );
  let width = -GAP;
  const composed = scaled.map(({ data, info }) => {
    const left = width + GAP;
    width = left + info.width;
    return { input: data, left, top: 0 };
  });
  const background = { r: 255, g: 255, b: 255, alpha: 0 };
  const strip = sharp({ create: { width, height: STRIP_HEIGHT, channels: 4, background } }).composite(composed);
  await writeFile(join(FOLDER, `${name}.webp`), await strip.webp({ quality: 82 }).toBuffer());
};

const logIn = async (page: Page, bank: string): Promise<void> => {
  await page.goto(`${bank}/login?again=1`);
  await page.fill('#email', ALICE.email);
  await page.fill('#password', ALICE.password);
  await page.click('main button');
  await page.waitForURL(/\/capture\//);
  await page.waitForSelector('.primary');
};

const start = async (page: Page, person: 'a' | 'b'): Promise<void> => {
  await page.check(`input[value=${person}]`);
  const consent = page.locator('fieldset input[type=checkbox]');
  if ((await consent.count()) > 0) await consent.check();
  await page.click('.primary');
};

const newPage = async (browser: Browser, colorScheme: 'light' | 'dark', viewport = PHONE): Promise<Page> =>
  (await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1.5 })).newPage();

const takeAll = async ({ bank }: Platform, browser: Browser): Promise<void> => {
  const page = await newPage(browser, 'light');
  await logIn(page, bank);
  const enroll = await take(page, 'capture-enroll');
  await start(page, 'a');
  await page.waitForSelector('canvas');
  // The oval is drawn once the component has found the face.
  await page.waitForSelector('text=/Move closer|Hold still|Halfway/', { timeout: 60_000 });
  const camera = await take(page, 'capture-camera', true);
  await page.waitForSelector('h1:has-text("Your face is set up")', { timeout: 60_000 });
  const done = await take(page, 'capture-done');
  await page.waitForURL(`${bank}/account`, { timeout: 60_000 });

  const other = await newPage(browser, 'dark');
  await logIn(other, bank);
  await take(other, 'capture-verify-dark');
  await start(other, 'b');
  await other.waitForSelector('text=That did not work', { timeout: 60_000 });
  const again = await take(other, 'capture-again-dark');
  await writeStrip('login', [enroll, camera, done, again]);
  await takeStepUp(bank, browser);
};

/** The bank's on-demand door: the account after the password alone, a transfer that asks for the face, and what was sent. */
const takeStepUp = async (bank: string, browser: Browser): Promise<void> => {
  const page = await newPage(browser, 'light');
  await page.goto(bank);
  await page.click('text=Log in with the password alone');
  await page.fill('#email', ALICE.email);
  await page.fill('#password', ALICE.password);
  await page.click('main button');
  await page.waitForURL(`${bank}/account`);
  await page.fill('#amount', '1200');
  await page.locator('#amount').scrollIntoViewIfNeeded();
  const form = await shoot(page);
  await page.click('form[action="/transfer"] button');
  await page.waitForSelector('a[href="/step-up"]');
  const asked = await shoot(page);
  await page.click('a[href="/step-up"]');
  await page.waitForSelector('.primary');
  const face = await shoot(page);
  await start(page, 'a');
  await page.waitForURL(`${bank}/transfer`, { timeout: 60_000 });
  await writeStrip('step-up', [form, asked, face, await shoot(page)]);
};

const openPortal = async (browser: Browser, scheme: 'light' | 'dark', portal: string): Promise<Page> => {
  const page = await newPage(browser, scheme, { width: 1180, height: 760 });
  await page.goto(portal);
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  return page;
};

const takePortal = async ({ portal, integrationId }: Platform, browser: Browser): Promise<void> => {
  const pages = [
    ['portal-overview', 'light', 'overview'],
    ['portal-users', 'light', 'users'],
    ['portal-connect', 'light', `integrations/${integrationId}/connect`],
    ['portal-transactions-dark', 'dark', 'transactions'],
  ] as const;
  for (const scheme of ['light', 'dark'] as const) {
    const page = await openPortal(browser, scheme, portal);
    for (const [name, , path] of pages.filter(([, when]) => when === scheme)) {
      // The tenant's session signs in again by itself: a page's own is kept in memory alone.
      await page.goto(new URL(path, portal).href);
      await page.getByRole('navigation').first().waitFor();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await take(page, name);
    }
  }
};

/** What a new integration asks for, and the secret that is shown once: blank in the picture. Last, since lists then show the new one. */
const takeNewIntegration = async ({ portal }: Platform, browser: Browser): Promise<void> => {
  const page = await openPortal(browser, 'light', portal);
  await page.goto(new URL('integrations/new', portal).href);
  await page.getByLabel('Name', { exact: true }).fill('Harbour Bank production');
  await page.getByLabel('Auth0 domains').fill('harbour-bank.eu.auth0.com');
  await take(page, 'portal-new-integration');
  await page.getByRole('button', { name: 'Create and show the secret' }).click();
  await page.getByRole('heading', { name: 'Store the Session Secret now' }).waitFor();
  const secret = page.getByText(/^[\w-]{43}$/);
  await secret.evaluate((element) => {
    element.textContent = '•'.repeat(43);
  });
  await take(page, 'portal-secret-once');
};

const folder = await mkdtemp(join(tmpdir(), 'verified-pictures-'));
await mkdir(FOLDER, { recursive: true });
const demoData = { people: 60, days: 14 };
const platform = await startPlatform({ firstPort: 0, folder, demoData, livenessRandom: () => 0.5 });
const browser = await launchChromium();
try {
  if (process.argv[2] !== 'portal') await takeAll(platform, browser);
  await takePortal(platform, browser);
  await takeNewIntegration(platform, browser);
} finally {
  await browser.close();
  await platform.close();
  await rm(folder, { recursive: true, force: true });
}
