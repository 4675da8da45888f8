import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, startPlatform } from '../../local/platform/start-platform.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

let platform: Platform;
let browser: Browser;
let page: Page;
let remove: () => Promise<void>;
const problems: string[] = [];

/** One operator in one tab, who performs the tests in order. */
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  [platform, browser] = await Promise.all([
    startPlatform({ firstPort: 0, folder, demoData: { people: 20, days: 3 } }),
    launchChromium(),
  ]);
  page = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(String(error)));
  // The page of a deleted user is requested on purpose.
  page.on(
    'response',
    (answer) => [200, 204, 302, 303, 304, 404].includes(answer.status()) || problems.push(answer.url()),
  );
  await page.goto(`${platform.verified}/portal/users?state=locked`);
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

/** No finding of axe, in light and in dark. */
const isAccessible = async (): Promise<void> => expect(await findingsInBothSchemes(page)).toEqual([]);
const heading = (name: string | RegExp) => page.getByRole('heading', { name, exact: true, level: 1 });
const open = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
const isSeen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const choose = async (menu: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

let person = '';

test('a locked user is found by state and by External ID, and unlocked', async () => {
  await heading('Users').waitFor();
  const link = page.getByRole('table').getByRole('link').first();
  person = (await link.textContent()) ?? '';
  await isAccessible();
  await page.goto(`${platform.verified}/portal/users`);
  await page.getByLabel('External ID begins with').pressSequentially(person.slice(0, 14), { delay: 60 });
  await page.waitForURL(/prefix=/);
  await page.getByRole('table').getByRole('link', { name: person }).click();
  await heading(person).waitFor();
  await isSeen('Locked until');
  await choose('Actions', 'Unlock');
  await page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
  await isSeen('Unlocked.');
  await page.getByText('Locked until').waitFor({ state: 'detached' });
  await isAccessible();
});

test('T72 the photo is shown on a click, and the access is in the audit log', async () => {
  expect(await page.getByRole('img', { name: /photo/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Show the photo' }).click();
  const photo = page.getByRole('img', { name: 'Reference photo of this user' });
  await photo.waitFor();
  expect(await photo.evaluate((image) => Number(Reflect.get(image, 'naturalWidth')))).toBeGreaterThan(100);
  await open('Audit log');
  const row = page.getByRole('row', { name: /Photo viewed/ });
  await row.waitFor();
  expect(await row.textContent()).toContain(person);
  await isAccessible();
  await page.goBack();
});

test('a disabled user has the reason; the dialog says what is missing', async () => {
  await choose('Actions', 'Disable');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await isSeen('Write 3 to 160 characters.');
  await dialog.getByLabel('Reason').fill('left the company');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await isSeen('left the company');
  await choose('Actions', 'Enable');
  await dialog.getByLabel('Reason').fill('came back');
  await dialog.getByRole('button', { name: 'Enable' }).click();
  await isSeen('Enabled.');
});

test('T74 deleting returns a receipt of what was removed', async () => {
  await choose('Actions', 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await heading('Deletion receipt').waitFor();
  await isSeen('Deleted, and checked afterwards: it is gone');
  await isAccessible();
  await page.reload();
  await isSeen('Page not found');
});

test('T26 an unknown user is invited by External ID, and the invitation is revoked', async () => {
  await page.goto(`${platform.verified}/portal/users`);
  await page.getByRole('button', { name: 'Invite a user', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Invite to enroll' }).click();
  await isSeen('Write 1 to 255 characters.');
  await isAccessible();
  await dialog.getByLabel('External ID').fill(' auth0|never-here ');
  await dialog.getByRole('button', { name: 'Invite to enroll' }).click();
  await heading('auth0|never-here').waitFor();
  await isSeen('Invited to enroll until');
  await isAccessible();
  await choose('Actions', 'Revoke the invitation');
  await dialog.getByRole('button', { name: 'Revoke the invitation' }).click();
  await isSeen('Invitation ended unused');
});

test('logins are filtered, opened by support id, and back returns to the filter', async () => {
  await open('Logins');
  await heading('Logins').waitFor();
  await page.getByRole('button', { name: /^Outcome/ }).click();
  await page.getByRole('option', { name: 'Enrolled' }).click();
  await page.waitForURL(/outcome=enrolled/);
  await page.getByRole('cell', { name: 'Verified' }).first().waitFor({ state: 'detached' });
  await page.getByRole('cell', { name: 'Enrolled' }).first().waitFor();
  await isAccessible();
  const supportId = page
    .getByRole('table')
    .getByRole('link', { name: /^[0-9A-Z]{4}-[0-9A-Z]{4}$/ })
    .first();
  const id = await supportId.textContent();
  await supportId.click();
  await heading(`Login ${id}`).waitFor();
  await isSeen('Judged attempts');
  await isAccessible();
  await page.goBack();
  await page.waitForURL(/outcome=enrolled/);
});

test('the filtered rows are exported as a CSV that can be parsed', async () => {
  await page.getByRole('cell', { name: 'Enrolled' }).first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await (await download).path();
  const { data } = Papa.parse<Record<string, string>>(await readFile(file, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  expect(data.length).toBeGreaterThan(5);
  expect(new Set(data.map(({ outcome }) => outcome))).toEqual(new Set(['enrolled']));
  expect(data[0]?.['finishedAt']).toMatch(/^\d{4}-\d\d-\d\dT/);
  await isSeen(`${data.length} rows were exported.`);
});

test('the overview shows the same logins in figures and charts', async () => {
  await open('Overview');
  await heading('Overview').waitFor();
  await isSeen('Success rate');
  await page.getByRole('application', { name: 'Logins by result' }).waitFor();
  await isAccessible();
});

/** Goes to a page like a link of the portal, without a new sign-in. */
const goTo = (path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, '', `/portal${to}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

test('on a phone every page fits, and axe finds nothing in light and dark', async () => {
  const { integrationId } = platform;
  const integration = `/integrations/${integrationId}`;
  const pages = [
    ['/overview', 'Overview'],
    ['/integrations', /^Integrations/],
    ['/integrations/new', 'New integration'],
    [integration, 'Local login'],
    [`${integration}/connect`, 'Local login'],
    [`${integration}/secrets`, 'Local login'],
    ['/users', 'Users'],
    ['/transactions?span=own', 'Logins'],
    ['/audit', 'Audit log'],
    ['/people', 'Members'],
    ['/settings', 'Settings'],
    ['/settings/api-keys', /^API keys/],
    ['/settings/webhooks', /^Webhooks/],
    ['/support/AAAA-AAAA', /AAAA-AAAA|Page not found/],
    ['/nowhere', 'Page not found'],
  ] as const;
  const wrong: string[] = [];
  for (const [path, title] of pages) {
    await goTo(path);
    await page.getByRole('heading', { name: title, level: 1 }).first().waitFor();
    await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
    // The least width for columns, a phone, and a screen at 400 % zoom (WCAG 2.2, 1.4.10).
    for (const width of [1160, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      // Some parts measure their size after the page has its width.
      const fits = (most: number): boolean => document.documentElement.scrollWidth <= most;
      await page
        .waitForFunction(fits, width, { timeout: 30_000 })
        .catch(() => wrong.push(`${path} is wider than ${width} px`));
    }
    wrong.push(...(await findingsInBothSchemes(page)).map((finding) => `${path} ${finding}`));
  }
  expect(wrong).toEqual([]);
  await page.getByRole('button', { name: 'Open the navigation' }).click();
  await open('Users');
  await heading('Users').waitFor();
  await page.getByRole('button', { name: 'Open the navigation' }).waitFor();
  expect(problems).toEqual([]);
});
