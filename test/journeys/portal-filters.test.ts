import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OPERATOR } from '../../local/platform/seed.ts';
import { type Platform, startPlatform } from '../../local/platform/start-platform.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';

/** The pause of web/portal/components/use-typed-filters.ts. */
const PAUSE_MS = 500;
const IDS = { users: 'External ID begins with', whole: 'External ID (exact)' } as const;

/** Every field of the portal that filters a list of the service, and its query parameter. */
const FIELDS = [
  { path: '/users', label: IDS.users, name: 'prefix' },
  { path: '/transactions', label: IDS.whole, name: 'externalId' },
  { path: '/transactions', label: 'Application (exact name)', name: 'app' },
  { path: '/transactions', label: 'Support id', name: 'supportId' },
  { path: '/audit', label: 'Operator’s e-mail', name: 'email' },
  { path: '/audit', label: IDS.whole, name: 'externalId' },
] as const;

let platform: Platform;
let browser: Browser;
let page: Page;
let remove: () => Promise<void>;
const problems: string[] = [];
/** Queries of the page's list. */
let asked: URLSearchParams[] = [];

/** One owner in one tab, with the test's clock. */
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  [platform, browser] = await Promise.all([
    startPlatform({ firstPort: 0, folder, demoData: { people: 4, days: 1 } }),
    launchChromium(),
  ]);
  page = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (/^\/api\/portal\/(audit|integrations\/[^/]+\/(users|transactions))$/.test(pathname)) asked.push(searchParams);
  });
  await page.clock.install();
  await page.goto(`${platform.verified}/portal/people`);
  await page.fill('#email', OPERATOR.email);
  await page.fill('#password', OPERATOR.password);
  await page.click('main button');
  await page.getByRole('navigation').getByRole('link', { name: 'Members' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

const field = (label: string) => page.getByLabel(label, { exact: true });
const queryOf = (name: string): string => new URL(page.url()).searchParams.get(name) ?? '';
/** Values of one filter in the queries since the page was opened. */
const askedFor = (name: string): readonly (string | null)[] => asked.map((query) => query.get(name));

/** Goes to a page like a link of the portal, without a new sign-in. */
const follow = (path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState(null, '', `/portal${to}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** Opens a list, and forgets the queries for that. */
const openList = async (path: string): Promise<void> => {
  await follow(path);
  await expect.poll(() => asked.length).toBe(1);
  await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
  asked = [];
};

/** Stops the page's clock, so that only the test ends a pause. */
const holdClock = async (): Promise<void> => {
  const now = await page.evaluate(() => Date.now());
  await page.clock.pauseAt(now + 1000);
};

/** Types key by key, with this many milliseconds between them. */
const type = async (text: string, gapMs: number): Promise<void> => {
  for (const key of text) {
    await page.keyboard.press(key);
    await page.clock.runFor(gapMs);
  }
};

/** Every test begins on a page without a list, with a running clock. */
beforeEach(async () => {
  await page.clock.resume();
  await follow('/people');
  await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
  asked = [];
});

test('every typed filter of a list is tested here', async () => {
  for (const path of new Set(FIELDS.map((each) => each.path))) {
    await openList(path);
    expect(await page.locator('.filters input[type=search], .filters input[type=text]').count()).toBe(
      FIELDS.filter((each) => each.path === path).length,
    );
    await follow('/people');
    await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
    asked = [];
  }
});

describe.each(FIELDS)('the filter “$label” of $path', ({ path, label, name }) => {
  test.each([0, 80, 250, PAUSE_MS - 1])(
    'keeps every letter in order, %i ms apart, and makes one query',
    async (gapMs) => {
      await openList(path);
      await holdClock();
      await field(label).focus();
      await type('cd-e', gapMs);
      await page.keyboard.press('Home');
      await type('ab', gapMs);
      expect(await field(label).inputValue()).toBe('abcd-e');
      expect(asked).toEqual([]);
      await page.clock.runFor(PAUSE_MS);
      await expect.poll(() => askedFor(name)).toEqual(['abcd-e']);
      await expect.poll(() => queryOf(name)).toBe('abcd-e');
      expect(await field(label).inputValue()).toBe('abcd-e');
    },
  );

  test('keeps the typed text while the address and the list follow', async () => {
    await openList(path);
    await holdClock();
    await field(label).focus();
    await type('ab', 0);
    await page.clock.runFor(PAUSE_MS);
    await type('cd', 30);
    await page.clock.runFor(PAUSE_MS);
    await type('ef', PAUSE_MS);
    expect(await field(label).inputValue()).toBe('abcdef');
    await expect.poll(() => askedFor(name)).toEqual(['ab', 'abcd', 'abcde', 'abcdef']);
    await expect.poll(() => queryOf(name)).toBe('abcdef');
  });
});

test('a late answer does not replace a newer one', async () => {
  await openList('/audit');
  await holdClock();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/api\/portal\/audit\?.*email=o(&|$)/, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await field('Operator’s e-mail').focus();
  await type('o', PAUSE_MS);
  await type('x', PAUSE_MS);
  await page.getByText('No audit events').first().waitFor();
  release();
  await page.unrouteAll({ behavior: 'wait' });
  expect(await page.getByText('No audit events').count()).toBeGreaterThan(0);
  await expect.poll(() => askedFor('email')).toEqual(['o', 'ox']);
});

test('composition is no pause; the composed text is queried', async () => {
  await openList('/users');
  await holdClock();
  await field(IDS.users).focus();
  const input = await page.context().newCDPSession(page);
  for (const text of ['k', 'か', 'かn', 'かんじ']) {
    await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await page.clock.runFor(2 * PAUSE_MS);
  }
  expect(await field(IDS.users).inputValue()).toBe('かんじ');
  expect(asked).toEqual([]);
  await input.send('Input.insertText', { text: '漢字' });
  await page.clock.runFor(PAUSE_MS);
  await expect.poll(() => askedFor('prefix')).toEqual(['漢字']);
  expect(await field(IDS.users).inputValue()).toBe('漢字');
});

test('typed text stays when another filter is chosen immediately, and is queried with it', async () => {
  await openList('/transactions');
  await field(IDS.whole).pressSequentially('auth0|somebody', { delay: 20 });
  await field('Support id').pressSequentially('abcd-efgh', { delay: 20 });
  await page.getByRole('button', { name: /^Outcome/ }).click();
  await page.getByRole('option', { name: 'Enrolled' }).click();
  await page.waitForURL(/outcome=enrolled/);
  expect([queryOf('externalId'), queryOf('supportId')]).toEqual(['auth0|somebody', 'abcd-efgh']);
  expect(await field(IDS.whole).inputValue()).toBe('auth0|somebody');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('');
  expect([await field(IDS.whole).inputValue(), await field('Support id').inputValue()]).toEqual(['', '']);
});

test('Enter queries immediately; back removes the filter, forward restores it, a link resets it', async () => {
  await openList('/users');
  await holdClock();
  await field(IDS.users).focus();
  await type('auth0|a', 0);
  await page.keyboard.press('Enter');
  await expect.poll(() => queryOf('prefix')).toBe('auth0|a');
  await type('b', PAUSE_MS);
  await expect.poll(() => queryOf('prefix')).toBe('auth0|ab');
  await expect.poll(() => askedFor('prefix')).toEqual(['auth0|a', 'auth0|ab']);
  await page.goBack();
  await expect.poll(() => field(IDS.users).inputValue()).toBe('');
  await page.goForward();
  await expect.poll(() => field(IDS.users).inputValue()).toBe('auth0|ab');
  await page.clock.resume();
  await page.getByRole('navigation').getByRole('link', { name: 'Users', exact: true }).click();
  await expect.poll(() => field(IDS.users).inputValue()).toBe('');
  expect(queryOf('prefix')).toBe('');
});

test('half a date is not queried, a complete one is', async () => {
  await openList('/transactions?span=own');
  await holdClock();
  await field('From').focus();
  await type('20', PAUSE_MS);
  expect(asked).toEqual([]);
  await type('251', PAUSE_MS);
  await type('125', 0);
  await page.clock.runFor(PAUSE_MS);
  await expect.poll(() => queryOf('from')).toBe('2025-11-25');
  await expect.poll(() => asked.length).toBe(1);
  expect(problems).toEqual([]);
});
