import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, SEED_USERS, startPlatform } from '../../local/platform/start-platform.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

const [ALICE, BOB] = SEED_USERS;
const NO_ACCOUNT = 'You are not a member of any account';

let platform: Platform;
let browser: Browser;
let owner: Page;
let bob: Page;
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
const heading = (at: Page, name: string) => at.getByRole('heading', { name, exact: true, level: 1 });
const button = (at: Page, name: string) => at.getByRole('button', { name, exact: true });
const link = (at: Page, name: string) => at.getByRole('navigation').getByRole('link', { name, exact: true });
const isAccessible = async (at: Page): Promise<void> => expect(await findingsInBothSchemes(at)).toEqual([]);

/** A deployment where anyone who signs in may create an account; one owner, and two operators without an account. */
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  [platform, browser] = await Promise.all([
    startPlatform({ firstPort: 0, folder, portalSignUp: 'open' }),
    launchChromium(),
  ]);
  owner = await newPage();
  await signIn(owner, `${platform.verified}/portal/people`, OPERATOR);
  await heading(owner, 'Members').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

/** Invites Bob, who opens the newest e-mail and accepts. */
const inviteBob = async (): Promise<void> => {
  await owner.getByLabel('E-mail address').fill(BOB.email);
  await button(owner, 'Send the invitation').click();
  await owner.getByText(`The invitation is on its way to ${BOB.email}.`).waitFor();
  const mailbox = await newPage();
  await mailbox.goto(platform.mailbox);
  const mail = (await mailbox.locator('article').first().textContent()) ?? '';
  const address = /http\S+\/portal\/\S+#\S+/.exec(mail)?.[0] ?? '';
  await mailbox.context().close();
  await bob?.context().close();
  bob = await newPage();
  await signIn(bob, address, BOB);
  await button(bob, 'Accept the invitation').click();
  await link(bob, 'Members').waitFor();
};

test('T66 an operator without an account sees what they can do, and signs out', async () => {
  const alice = await newPage();
  await signIn(alice, platform.portal, ALICE);
  await heading(alice, NO_ACCOUNT).waitFor();
  await alice.getByText(`You are signed in as ${ALICE.email}.`).waitFor();
  await button(alice, 'Create an account').waitFor();
  await isAccessible(alice);
  await alice.setViewportSize({ width: 390, height: 844 });
  expect(await alice.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await button(alice, 'Sign out').click();
  await alice.locator('#email').or(alice.getByText('signed out')).first().waitFor();
  await alice.context().close();
});

test('T66 a removed operator learns it at the next click, creates no account, and comes back by an invitation', async () => {
  await inviteBob();
  await owner.reload();
  await button(owner, `Remove: ${BOB.email}`).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await owner.getByText(`${BOB.email} has been removed.`).waitFor();
  await link(bob, 'Integrations').click();
  await heading(bob, NO_ACCOUNT).waitFor();
  await bob.getByText('An owner removed you from Harbour Bank.').waitFor();
  await isAccessible(bob);
  await button(bob, 'Check again').click();
  await bob.reload();
  await bob.getByText('An owner removed you from Harbour Bank.').waitFor();
  await inviteBob();
  await bob.getByText('Harbour Bank', { exact: true }).waitFor();
  await bob.getByText('Viewer').first().waitFor();
});

test('an account is created only by the button for it', async () => {
  const alice = await newPage();
  await signIn(alice, platform.portal, ALICE);
  await button(alice, 'Create an account').click();
  await heading(alice, 'No integration yet').waitFor();
  await alice.getByText('example.com', { exact: true }).waitFor();
  await alice.getByText(`${ALICE.email} · Owner`).waitFor();
  expect(problems).toEqual([]);
});
