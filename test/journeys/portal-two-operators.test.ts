import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, startPlatform } from '../../local/platform/start-platform.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

let platform: Platform;
let browser: Browser;
let remove: () => Promise<void>;
/** Two browsers with the same page open. */
let [ann, ben]: Page[] = [];
const problems: string[] = [];

const signedIn = async (path: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${platform.verified}${path}`);
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
  return page;
};

beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  [platform, browser] = await Promise.all([startPlatform({ firstPort: 0, folder }), launchChromium()]);
  const settings = `/portal/integrations/${platform.integrationId}`;
  ann = await signedIn(settings);
  ben = await signedIn(settings);
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

const both = (): readonly [Page, Page] => {
  if (ann === undefined || ben === undefined) throw new Error('the pages are not open');
  return [ann, ben];
};
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const save = (page: Page) => button(page, 'Save changes').first().click();
const isSaved = (page: Page, text = 'The changes are saved.') => page.getByText(text).first().waitFor();
const isAccessible = async (page: Page): Promise<void> => expect(await findingsInBothSchemes(page)).toEqual([]);

test('saving a stale page changes only the edited field', async () => {
  const [one, other] = both();
  for (const page of [one, other]) await page.getByRole('textbox', { name: 'Attempts in one login' }).waitFor();
  await one.getByLabel('Failed attempts until the lock').fill('3');
  await save(one);
  await isSaved(one);
  await other.getByLabel('Lock lasts').fill('45');
  await save(other);
  await isSaved(other);
  expect(await other.getByLabel('Failed attempts until the lock').inputValue()).toBe('3');
});

test('two operators change one field: the second keeps the typed value, sees the other, and decides', async () => {
  const [one, other] = both();
  await one.reload();
  for (const page of [one, other]) await page.getByRole('textbox', { name: 'Attempts in one login' }).waitFor();
  await one.getByRole('textbox', { name: 'Attempts in one login' }).fill('2');
  await save(one);
  await isSaved(one);
  await other.getByRole('textbox', { name: 'Attempts in one login' }).fill('5');
  await other.getByLabel('Name', { exact: true }).fill('Renamed login');
  await save(other);
  const conflict = other.getByRole('group', { name: /changed this after you opened the page/ });
  await conflict.waitFor();
  expect(await conflict.textContent()).toMatch(/Their value2Keep mineTake theirs$/);
  await other.getByText('Someone else changed the same fields').waitFor();
  expect(await other.getByRole('textbox', { name: 'Attempts in one login' }).inputValue()).toBe('5');
  expect(await other.getByLabel('Name', { exact: true }).inputValue()).toBe('Renamed login');
  await isAccessible(other);
  // Nothing is overwritten before the decision, which gets the focus.
  await save(other);
  const keep = conflict.getByRole('button', { name: /^Keep mine/ });
  await expect.poll(() => keep.evaluate((element) => element === document.activeElement)).toBe(true);
  await keep.press('Enter');
  await conflict.waitFor({ state: 'detached' });
  await save(other);
  await isSaved(other);
  await one.reload();
  await expect.poll(() => one.getByRole('textbox', { name: 'Attempts in one login' }).inputValue()).toBe('5');
  expect(await one.getByLabel('Name', { exact: true }).inputValue()).toBe('Renamed login');
});

test('T75 two operators change the consent on one day: the second sees the other text next to the typed one, and takes it', async () => {
  const [one, other] = both();
  await other.reload();
  const text = (page: Page) => page.getByRole('textbox', { name: 'Consent text' });
  for (const page of [one, other]) await text(page).waitFor();
  const before = await text(one).inputValue();
  await text(one).fill(`${before} As Ann says it.`);
  await save(one);
  await isSaved(one);
  await text(other).fill(`${before} As Ben says it.`);
  await save(other);
  const conflict = other.getByRole('group', { name: /changed this after you opened the page/ });
  await conflict.getByText('As Ann says it.').waitFor();
  expect(await text(other).inputValue()).toContain('As Ben says it.');
  await isAccessible(other);
  await conflict.getByRole('button', { name: /^Take theirs/ }).click();
  await conflict.waitFor({ state: 'detached' });
  expect(await text(other).inputValue()).toContain('As Ann says it.');
});

test('T13 two operators rotate: the second is refused, sees both secrets, and ends the unused one', async () => {
  const [one, other] = both();
  const secrets = `${platform.verified}/portal/integrations/${platform.integrationId}/secrets`;
  await other.goto(secrets);
  await one.goto(secrets);
  for (const page of [one, other]) await button(page, 'Rotate').waitFor();
  await button(one, 'Rotate').click();
  await one.getByRole('heading', { name: 'Store the Session Secret now' }).waitFor();
  await button(other, 'Rotate').click();
  await other.getByText(/This secret was rotated after the page was loaded/).waitFor();
  await other.getByText('Two secrets are accepted. Which one ends now?').waitFor();
  expect(await button(other, 'Rotate').isDisabled()).toBe(true);
  await isAccessible(other);
  await other.getByRole('button', { name: /Which one ends now/ }).click();
  await other.getByRole('listbox').getByRole('option').first().click();
  await button(other, 'Rotate').click();
  await other.getByRole('heading', { name: 'Store the Session Secret now' }).waitFor();
  expect(problems).toEqual([]);
});

test('the audit log shows the outcome of each operation', async () => {
  const [one] = both();
  await one.getByLabel('I have stored it').check();
  await one.goto(`${platform.verified}/portal/audit`);
  const table = one.getByRole('table', { name: 'Audit log' });
  await table.getByText('Refused; nothing was changed (already-rotated)').first().waitFor();
  await table.getByText('Refused; nothing was changed (changed-meanwhile)').first().waitFor();
  await table.getByText('Done', { exact: true }).first().waitFor();
  await isAccessible(one);
});
