import type { Browser, Locator, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRESH_PERMISSIONS } from '../../contract/api/portal/permissions.ts';
import { PORTAL_ROUTES } from '../../contract/api/routes.ts';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, startPlatform } from '../../local/platform/start-platform.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';
import { shiftClock } from '../support/shifted-clock.ts';

const JOURNEY_MS = 180_000;
/** Longer than the five minutes within which a sign-in counts as recent. */
const TOO_OLD_SECONDS = 6 * 60;
const COLLEAGUE = 'colleague@example.com';
const GUEST = 'guest@example.com';
const WEBHOOK = 'http://localhost:9/verified';

type PortalRoute = (typeof PORTAL_ROUTES)[number];
type FreshRouteName = Extract<PortalRoute, { permission: 'viewPhoto' | 'delete' | 'admin' }>['name'];

/** One action that requires a recent sign-in, as the operator performs it. */
interface FreshAction {
  /** Page of the portal. */
  readonly path: () => string;
  /** Opens the dialog and fills in the input of the action. */
  readonly prepare?: () => Promise<void>;
  /** The last press. */
  readonly press: () => Promise<void>;
  /** Has the focus again if the operator cancels the sign-in; otherwise where the browser leaves it. */
  readonly pressed?: () => Locator;
  /** Checks that the state before the sign-in is restored, including typed values. */
  readonly isBack?: () => Promise<void>;
  readonly isDone: () => Promise<void>;
}

let platform: Platform;
let browser: Browser;
let page: Page;
let clock: ReturnType<typeof shiftClock>;
let remove: () => Promise<void>;
const problems: string[] = [];
/** Addresses of their pages. */
let people: string[] = [];
let second = '';

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const dialog = (text: string | RegExp) => page.getByRole('dialog').filter({ hasText: text });
const offer = () => page.getByRole('dialog', { name: 'Sign in again to do this' });
const isSeen = (text: string | RegExp) => page.getByText(text).first().waitFor();
const choose = async (menu: string, item: string): Promise<void> => {
  await button(menu).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

/** Goes to a page like a link of the portal, without a new sign-in. */
const goTo = (path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, '', `/portal${to}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

const signIn = async (): Promise<void> => {
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
};

/** Confirms that the secret is stored, and leaves its dialog or page. */
const storeSecret = async (goOn: string): Promise<void> => {
  await page.getByLabel('I have stored it').check();
  await button(goOn).click();
};

const onWebhook = (item: string) => choose(`Actions for ${WEBHOOK}`, item);

/** Every route that requires a recent sign-in, in an order in which each can follow the previous one. */
const ACTIONS: Readonly<Record<FreshRouteName, FreshAction>> = {
  portalAddIntegration: {
    path: () => '/integrations/new',
    prepare: async () => {
      await page.getByLabel('Name', { exact: true }).fill('Second login');
      await page.getByLabel('Auth0 domains').fill('second.eu.auth0.com');
    },
    press: () => button('Create and show the secret').click(),
    pressed: () => button('Create and show the secret'),
    isBack: async () => {
      await page.getByLabel('Name', { exact: true }).waitFor();
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Second login');
      expect(await page.getByLabel('Auth0 domains').inputValue()).toBe('second.eu.auth0.com');
    },
    isDone: async () => {
      await isSeen('Store the Session Secret now');
      await storeSecret('Continue to Connect Auth0');
      await page.waitForURL(/\/integrations\/([^/]+)\/connect/);
      second = /\/integrations\/([^/]+)\/connect/.exec(page.url())?.[1] ?? '';
    },
  },
  portalRotateSecret: {
    path: () => `/integrations/${second}/secrets`,
    press: () => button('Rotate').click(),
    pressed: () => button('Rotate'),
    isDone: async () => {
      await isSeen('Store the Session Secret now');
      await storeSecret('Continue to Connect Auth0');
      // The portal goes there once the page has its data, and would leave whatever is opened before.
      await page.waitForURL(/\/connect/);
    },
  },
  portalDeleteIntegration: {
    path: () => `/integrations/${second}/secrets`,
    prepare: () => page.getByLabel('Type Second login to confirm').fill('Second login'),
    press: () => button('Delete').click(),
    pressed: () => button('Delete'),
    isBack: async () => {
      await page.getByLabel('Type Second login to confirm').waitFor();
      expect(await page.getByLabel('Type Second login to confirm').inputValue()).toBe('Second login');
    },
    isDone: async () => {
      await isSeen('Second login has been deleted.');
      // The message of an action belongs only to the page that it led to.
      await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
      await page.getByText('Second login has been deleted.').waitFor({ state: 'detached' });
    },
  },
  portalInvite: {
    path: () => '/people',
    prepare: async () => {
      await page.getByLabel('E-mail address').fill(GUEST);
      await button(/^Role /)
        .last()
        .click();
      await page.getByRole('option', { name: /^Admin/ }).click();
    },
    press: () => button('Send the invitation').click(),
    pressed: () => button('Send the invitation'),
    isBack: async () => {
      await page.getByLabel('E-mail address').waitFor();
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(GUEST);
      await button(/^Role .*Admin/)
        .last()
        .waitFor();
    },
    isDone: () => isSeen(`The invitation is on its way to ${GUEST}.`),
  },
  portalRevokeInvitation: {
    path: () => '/people',
    press: () => button(`Revoke the invitation: ${GUEST}`).click(),
    pressed: () => button(`Revoke the invitation: ${GUEST}`),
    isDone: () => isSeen(`The invitation of ${GUEST} has been revoked.`),
  },
  portalChangeRole: {
    path: () => '/people',
    press: async () => {
      await button(new RegExp(`^Role: ${COLLEAGUE}`)).click();
      await page.getByRole('option', { name: /^Admin/ }).click();
    },
    isDone: () => isSeen(`The role of ${COLLEAGUE} has been changed.`),
  },
  portalRemovePerson: {
    path: () => '/people',
    prepare: () => button(`Remove: ${COLLEAGUE}`).click(),
    press: () => dialog(`Remove ${COLLEAGUE}?`).getByRole('button', { name: 'Remove', exact: true }).click(),
    pressed: () => dialog(`Remove ${COLLEAGUE}?`).getByRole('button', { name: 'Remove', exact: true }),
    isBack: () => dialog(`Remove ${COLLEAGUE}?`).waitFor(),
    isDone: () => isSeen(`${COLLEAGUE} has been removed.`),
  },
  portalUserPhoto: {
    path: () => people[0] ?? '',
    press: () => button('Show the photo').click(),
    pressed: () => button('Show the photo'),
    isDone: () => page.getByRole('img', { name: 'Reference photo of this user' }).waitFor(),
  },
  portalDeleteUser: {
    path: () => people[1] ?? '',
    prepare: () => choose('Actions', 'Delete'),
    press: () => page.getByRole('dialog').first().getByRole('button', { name: 'Delete', exact: true }).click(),
    pressed: () => page.getByRole('dialog').first().getByRole('button', { name: 'Delete', exact: true }),
    isBack: () => dialog('Delete this user?').waitFor(),
    isDone: () => isSeen('Deletion receipt'),
  },
  portalAddApiKey: {
    path: () => '/settings/api-keys',
    prepare: async () => {
      await button('New API key').click();
      await page.getByLabel('Name', { exact: true }).fill('Customer service');
      await page.getByLabel('Invite users to enroll').check();
    },
    press: () => button('Create the key').click(),
    pressed: () => button('Create the key'),
    isBack: async () => {
      await dialog('New API key').waitFor();
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Customer service');
      expect(await page.getByLabel('Invite users to enroll').isChecked()).toBe(true);
    },
    isDone: () => storeSecret('Done'),
  },
  portalAddWebhook: {
    path: () => '/settings/webhooks',
    prepare: async () => {
      await button('New webhook').click();
      await page.getByLabel('Address', { exact: true }).fill(WEBHOOK);
      await page.getByLabel('A user was deleted').uncheck();
    },
    press: () => button('Add the webhook').click(),
    pressed: () => button('Add the webhook'),
    isBack: async () => {
      await dialog('New webhook').waitFor();
      expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(WEBHOOK);
      expect(await page.getByLabel('A user was deleted').isChecked()).toBe(false);
    },
    isDone: () => storeSecret('Done'),
  },
  portalEditWebhook: {
    path: () => '/settings/webhooks',
    prepare: async () => {
      await onWebhook('Change address and events');
      await page.getByLabel('A user was deleted').check();
    },
    press: () => button('Save changes').click(),
    pressed: () => button('Save changes'),
    isBack: async () => {
      await dialog('Change address and events').waitFor();
      expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(WEBHOOK);
      expect(await page.getByLabel('A user was deleted').isChecked()).toBe(true);
    },
    isDone: () => isSeen('The webhook has been changed.'),
  },
  portalRotateWebhookSecret: {
    path: () => '/settings/webhooks',
    prepare: () => onWebhook('New secret'),
    press: () => dialog('Create a new secret?').getByRole('button', { name: 'New secret', exact: true }).click(),
    pressed: () => dialog('Create a new secret?').getByRole('button', { name: 'New secret', exact: true }),
    isBack: () => dialog('Create a new secret?').waitFor(),
    isDone: () => storeSecret('Done'),
  },
  portalDeleteWebhook: {
    path: () => '/settings/webhooks',
    prepare: () => onWebhook('Delete'),
    press: () => dialog('Delete this webhook?').getByRole('button', { name: 'Delete', exact: true }).click(),
    pressed: () => dialog('Delete this webhook?').getByRole('button', { name: 'Delete', exact: true }),
    isBack: () => dialog('Delete this webhook?').waitFor(),
    isDone: () => isSeen('The webhook has been deleted.'),
  },
};

/** One owner in one tab, who performs one action after the other, each after a break. */
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  clock = shiftClock();
  [platform, browser] = await Promise.all([
    startPlatform({ firstPort: 0, folder, demoData: { people: 20, days: 3 } }),
    launchChromium(),
  ]);
  const integration = await platform.admin.readIntegration(platform.integrationId);
  await platform.admin.operators.join({
    operatorId: 'c'.repeat(32),
    accountId: integration?.accountId ?? '',
    email: COLLEAGUE,
    role: 'viewer',
    since: platform.admin.clock(),
  });
  page = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(String(error)));
  // The browser asks before unsaved changes are lost; here there are none.
  page.on('dialog', (question) => {
    problems.push(`the browser asked: ${question.type()}`);
    void question.accept();
  });
  await page.goto(`${platform.verified}/portal/users?state=enrolled`);
  await signIn();
  await page.getByRole('table').getByRole('link').first().waitFor();
  people = await page
    .getByRole('table')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => (link.getAttribute('href') ?? '').replace('/portal', '')));
}, JOURNEY_MS);
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  clock?.restore();
  await remove();
});

/** Performs the action with an old sign-in: its route refuses, and the offer to sign in is on top and has the focus. */
const meetTheOffer = async (route: PortalRoute, { press }: FreshAction): Promise<void> => {
  const path = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  const refused = (answer: Response): boolean =>
    answer.status() === 403 && answer.request().method() === route.method && path.test(new URL(answer.url()).pathname);
  await Promise.all([page.waitForResponse(refused), press()]);
  await offer().waitFor();
  await expect.poll(() => offer().evaluate((top) => top.contains(document.activeElement))).toBe(true);
};

describe('T70 with a sign-in of more than five minutes ago', () => {
  test('every action that requires a recent one is tested here', () => {
    const fresh = PORTAL_ROUTES.filter(({ permission }) => FRESH_PERMISSIONS.includes(permission));
    expect(Object.keys(ACTIONS).toSorted()).toEqual(fresh.map(({ name }) => name).toSorted());
  });

  test.each(Object.entries(ACTIONS))(
    '%s offers to sign in above whatever is open, and continues where it was',
    async (name, action) => {
      const route = PORTAL_ROUTES.find((each) => each.name === name);
      if (route === undefined) throw new Error(`no route ${name}`);
      await goTo(action.path());
      await action.prepare?.();
      clock.pass(TOO_OLD_SECONDS);
      await meetTheOffer(route, action);
      expect(await findingsInBothSchemes(page)).toEqual([]);
      await offer().getByRole('button', { name: 'Cancel' }).last().click();
      await offer().waitFor({ state: 'detached' });
      const { pressed } = action;
      if (pressed !== undefined) {
        await expect.poll(() => pressed().evaluate((element) => element === document.activeElement)).toBe(true);
      }
      await meetTheOffer(route, action);
      await offer().getByRole('button', { name: 'Sign in again' }).click();
      await signIn();
      await isSeen('You are signed in again. Continue with what you were about to do.');
      await action.isBack?.();
      await action.press();
      await action.isDone();
      expect(problems).toEqual([]);
    },
    JOURNEY_MS,
  );
});
