import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, SEED_USERS, startPlatform } from '../../local/platform/start-platform.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

const [, BOB] = SEED_USERS;

let platform: Platform;
let browser: Browser;
let page: Page;
let remove: () => Promise<void>;
const problems: string[] = [];

const newPage = async (): Promise<Page> => {
  const opened = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  opened.setDefaultTimeout(60_000);
  opened.on('pageerror', (error) => problems.push(String(error)));
  return opened;
};
const signIn = async (at: Page, address: string, { email, password }: { email: string; password: string }) => {
  await at.goto(address);
  await at.fill('#email', email);
  await at.fill('#password', password);
  await at.click('main button');
};

/** One owner in one tab, who performs the tests in order. */
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  [platform, browser] = await Promise.all([startPlatform({ firstPort: 0, folder }), launchChromium()]);
  page = await newPage();
  await signIn(page, `${platform.verified}/portal/integrations`, OPERATOR);
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

/** No finding of axe, in light and in dark. */
const isAccessible = async (at: Page = page): Promise<void> => expect(await findingsInBothSchemes(at)).toEqual([]);
const heading = (name: string, at: Page = page) => at.getByRole('heading', { name, exact: true }).first();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const openPart = (name: string) =>
  page.getByRole('navigation', { name: 'Pages of this integration' }).getByRole('link', { name, exact: true }).click();
const isSeen = (text: string | RegExp, at: Page = page) => at.getByText(text).first().waitFor();

/** Stores the secret that the page shows once; leaving before that asks for confirmation. */
const readSecret = async (): Promise<string> => {
  await heading('Store the Session Secret now').waitFor();
  expect(await button('Continue to Connect Auth0').isDisabled()).toBe(true);
  await isAccessible();
  const secret = /vfs_[\w-]+|[\w-]{43}/.exec((await page.locator('main').textContent()) ?? '')?.[0] ?? '';
  expect(secret).not.toBe('');
  await page.getByRole('link', { name: 'Overview' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Leave without storing the secret?' });
  await dialog.getByRole('button', { name: 'Stay here' }).last().click();
  await page.getByLabel('I have stored it').check();
  await button('Continue to Connect Auth0').click();
  await heading('Live check').waitFor();
  expect(await page.content()).not.toContain(secret);
  return secret;
};

let first = '';

test('T15 a new integration: errors are shown at their fields, and the secret is shown once', async () => {
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
  await isAccessible();
  await page.getByRole('link', { name: 'Create integration' }).click();
  await heading('New integration').waitFor();
  await button('Create and show the secret').click();
  const name = page.getByLabel('Name', { exact: true });
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
  expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
  await isAccessible();
  await name.fill('Acme production');
  await page.getByLabel('Auth0 domains').fill('acme.eu.auth0.com');
  await button('Create and show the secret').click();
  first = await readSecret();
});

test('Connect Auth0 shows the values of this integration, and waits for the first login', async () => {
  const id = /\/integrations\/([^/]+)\/connect/.exec(page.url())?.[1] ?? '';
  await isSeen('Waiting for the first login');
  await isSeen(`--integration ${id}`);
  await isSeen('--domain acme.eu.auth0.com');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const file = await (await download).path();
  expect(await readFile(file, 'utf8')).toMatch(/^\/\/ Verified face factor .*[\s\S]*onExecutePostLogin/);
  await page.getByText(/^Read it first/).click();
  await isSeen(/^\/\/ Verified face factor/);
  await isAccessible();
});

test('an option is changed; a value outside its bounds is refused at its field', async () => {
  await openPart('Settings');
  const attempts = page.getByLabel('Attempts in one login');
  await attempts.fill('99');
  await button('Save changes').click();
  await expect.poll(() => attempts.getAttribute('aria-invalid')).toBe('true');
  await attempts.fill('2');
  await button('Save changes').click();
  await isSeen('The changes are saved.');
  await isAccessible();
  await page.reload();
  await heading('Acme production').waitFor();
  expect(await attempts.inputValue()).toBe('2');
});

test('T75 a changed consent text is a new version, and every version stays readable', async () => {
  const text = page.getByLabel('Consent text', { exact: true });
  const before = await text.inputValue();
  await text.fill(`${before} Now in other words.`);
  await button('Save changes').click();
  await isSeen('The changes are saved.');
  const history = page.getByRole('table', { name: 'Consent texts' });
  await expect.poll(() => history.getByRole('row').count()).toBe(3);
  expect(await history.getByRole('row').nth(1).textContent()).toContain(`In force`);
  expect(await history.getByRole('row').nth(1).textContent()).toContain(OPERATOR.email);
  await history
    .getByRole('button', { name: /^Read version/ })
    .last()
    .click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Consent text, version' });
  await dialog.getByText(before.slice(0, 40)).waitFor();
  expect(await dialog.textContent()).not.toContain('Now in other words.');
  await isAccessible();
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
});

test('disabling asks for confirmation, enabling reverts it', async () => {
  await button('Disable').click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Disable this integration?' });
  await isSeen(/will be denied with face_configuration/);
  await isAccessible();
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click();
  await isSeen('The integration is disabled');
  await button('Enable').click();
  await isSeen('The integration is enabled.');
});

test('rotation creates another secret; the old one ends after the overlap', async () => {
  await openPart('Secret and deletion');
  await isSeen('Current');
  await isAccessible();
  await button('Rotate').click();
  expect(await readSecret()).not.toBe(first);
  await openPart('Secret and deletion');
  await isSeen('Accepted until');
  await isSeen(/23:59:\d\d left|1 d 00:00:00 left/);
  await isAccessible();
});

test('it is deleted after its name is typed', async () => {
  const name = page.getByLabel('Type Acme production to confirm');
  await name.fill('Acme');
  expect(await button('Delete').isDisabled()).toBe(true);
  await name.fill('Acme production');
  await button('Delete').click();
  await isSeen('Acme production has been deleted.');
  await page.getByRole('table').getByText('Local login').waitFor();
  expect(await page.getByRole('table').getByText('Acme production').count()).toBe(0);
});

/** The newest invitation in the mailbox, opened by its addressee in another browser. */
const openInvitation = async (): Promise<Page> => {
  const bob = await newPage();
  await bob.goto(platform.mailbox);
  const link = /http\S+\/portal\/\S+#\S+/.exec((await bob.locator('article').first().textContent()) ?? '')?.[0] ?? '';
  await signIn(bob, link, BOB);
  await heading('You are invited', bob).waitFor();
  return bob;
};

test('an invitation comes by e-mail and lets its addressee in, with the role it names', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Members', exact: true }).click();
  await heading('Invite a member by e-mail').waitFor();
  await page.getByLabel('E-mail address').fill('nobody');
  await button('Send the invitation').click();
  await isSeen('Enter an e-mail address that is not in the account yet.');
  await isAccessible();
  await page.getByLabel('E-mail address').fill(BOB.email);
  await button('Send the invitation').click();
  await isSeen(`The invitation is on its way to ${BOB.email}.`);

  const bob = await openInvitation();
  await isAccessible(bob);
  await bob.getByRole('button', { name: 'Accept the invitation' }).click();
  await heading('Overview', bob).waitFor();
  await bob.getByRole('navigation').getByRole('link', { name: 'Integrations', exact: true }).click();
  await bob.getByRole('heading', { name: 'Integrations' }).waitFor();
  expect(await bob.getByRole('link', { name: 'Create integration' }).count()).toBe(0);
  await bob.goto(`${platform.verified}/portal/settings/api-keys`);
  await bob.getByText('No API key yet').or(bob.getByText('Your role does not allow this page')).waitFor();
  expect(await bob.getByRole('button', { name: 'New API key' }).count()).toBe(0);
  await bob.goto(`${platform.verified}/portal/integrations/new`);
  await heading('Your role does not allow this page', bob).waitFor();
  await bob.context().close();
});

test('an owner removes a member after confirmation', async () => {
  await page.reload();
  await page.getByRole('button', { name: `Remove: ${BOB.email}` }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: `Remove ${BOB.email}?` });
  await isAccessible();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await isSeen(`${BOB.email} has been removed.`);
  expect(problems).toEqual([]);
});

test('a member who was invited again leaves after confirmation, and is signed out', async () => {
  await page.getByLabel('E-mail address').fill(BOB.email);
  await button('Send the invitation').click();
  await isSeen(`The invitation is on its way to ${BOB.email}.`);
  const bob = await openInvitation();
  await bob.getByRole('button', { name: 'Accept the invitation' }).click();
  await bob.getByRole('navigation').getByRole('link', { name: 'Members', exact: true }).click();
  await bob.getByRole('button', { name: /^Leave the account/ }).click();
  const dialog = bob.getByRole('dialog').filter({ hasText: 'Leave this account?' });
  await isSeen('You lose access immediately.', bob);
  await dialog.getByRole('button', { name: 'Leave the account', exact: true }).click();
  await bob.locator('#email').or(bob.getByText('signed out')).first().waitFor();
  await bob.context().close();
  await page.reload();
  await page.getByRole('table', { name: 'Members' }).getByText(OPERATOR.email).first().waitFor();
  expect(await page.getByText(BOB.email).count()).toBe(0);
});

test('the defaults of new integrations are set in the account', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Settings', exact: true }).click();
  await heading('Settings').waitFor();
  await page.getByLabel('Account name').fill('Harbour Group');
  await button('Save changes').first().click();
  await isSeen('The settings are saved.');
  await isSeen('verified@harbour-bank.example');
  await isAccessible();
  expect(problems).toEqual([]);
});

/** By keyboard: a click waits for rendered frames, and the test controls the page's clock. */
const pressEnterOn = async (at: Locator): Promise<void> => {
  await at.focus();
  await page.keyboard.press('Enter');
};

test('T67 T71 an idle session warns, stays on a click, then ends; typed values come back after the sign-in', async () => {
  await page.clock.install();
  await page.goto(`${platform.verified}/portal/settings`);
  await page.getByLabel('Account name').fill('Harbour and Sons');
  await page.clock.fastForward('14:00');
  const dialog = page.getByRole('dialog').filter({ hasText: 'Are you still there?' });
  await dialog.waitFor();
  await isAccessible();
  await pressEnterOn(dialog.getByRole('button', { name: 'Stay signed in' }));
  await dialog.waitFor({ state: 'detached' });
  await page.clock.fastForward('16:00');
  await heading('You were signed out').waitFor();
  await isAccessible();
  await pressEnterOn(button('Sign in'));
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.press('#password', 'Enter');
  await heading('Settings').waitFor();
  expect(await page.getByLabel('Account name').inputValue()).toBe('Harbour and Sons');
});

test('T67 a session that is used all day ends after 12 hours, and says so ten minutes before', async () => {
  const dialog = page.getByRole('dialog').filter({ hasText: 'Your session ends soon' });
  const goOn = async (time: string): Promise<void> => {
    await page.clock.fastForward(time);
    await page.keyboard.press('Shift');
  };
  // This page's clock is half an hour behind the issuer's.
  for (let done = 30; done + 12 < 12 * 60 - 10; done += 12) await goOn('12:00');
  expect(await dialog.count()).toBe(0);
  await goOn('12:00');
  await pressEnterOn(dialog.getByRole('button', { name: 'Later' }).last());
  await goOn('12:00');
  await heading('Your session has ended').waitFor();
  expect(problems).toEqual([]);
});
