import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPart } from '../../local/aws-wire/listen.ts';
import { frameAddress } from '../gallery/frame-address.ts';
import { PORTAL_SCREENS } from '../gallery/portal-screens.ts';
import { SCREEN_GROUPS, type ScreenGroup } from '../gallery/screen-groups.ts';
import { startGallery } from '../gallery/start-gallery.ts';
import { findingsInBothSchemes } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';

let gallery: RunningPart;
let browser: Browser;
beforeAll(async () => {
  [gallery, browser] = await Promise.all([startGallery(0), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

/** Selector that shows that the screen is rendered. */
const markOf = (group: ScreenGroup, name: string): string =>
  group === 'portal' && (PORTAL_SCREENS[name]?.presses.length ?? 0) > 0 ? '[role=dialog]' : 'main';

/**
 * Of the portal's pages what no other journey shows: dialogs, what is signed out, and the states, an empty list among them, that one component
 * shows on every page, on one of them. Filled pages are looked at in portal-people.test.ts, as a phone shows them, in both schemes.
 */
const NOT_ELSEWHERE = /^dialog: |^signed out: |^(invitation|no account|no such page)$|^users, /;
const looked = (group: ScreenGroup): readonly string[] =>
  SCREEN_GROUPS[group].filter((name) => group !== 'portal' || NOT_ELSEWHERE.test(name));

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const PHONE = { width: 320, height: 800 };

describe.each(['service', 'mail', 'portal'] as const)('of the group %s', (group) => {
  // One context for all, with the libraries already loaded. Colors in transition are no finding.
  let context: BrowserContext;
  beforeAll(async () => {
    context = await browser.newContext({ viewport: PHONE, reducedMotion: 'reduce' });
  });
  afterAll(() => context?.close());

  // Side by side: most of the time of each is the wait for a network that has become quiet.
  test.concurrent.each(looked(group))(
    '“%s” passes axe in light and in dark, and is never wider than a phone',
    async (name) => {
      const page = await context.newPage();
      await page.goto(gallery.url + frameAddress(group, name));
      await page.locator(markOf(group, name)).filter({ visible: true }).first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await findingsInBothSchemes(page, { tags: WCAG })).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.close();
    },
  );
});

test('the gallery shows every screen of a group, in the chosen language, direction and scheme', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${gallery.url}/#group=service&language=pseudo&direction=rtl&scheme=dark`);
  await page.locator('figure').first().waitFor();
  expect(await page.locator('figcaption').allInnerTexts()).toEqual(
    SCREEN_GROUPS.service.map((name) => `${name}, dark`),
  );
  const first = page.frameLocator('iframe').first();
  await first.getByRole('heading', { name: 'Thïs sïgn-ïn lïnk döës nöt wörk' }).waitFor();
  expect(await first.locator('html').getAttribute('dir')).toBe('rtl');
  const background = () => first.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  await expect.poll(background).toBe('rgb(16, 21, 29)');
});

test('a screen appears in another language using only the texts in its catalogues', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(gallery.url + frameAddress('portal', 'settings', { language: 'pseudo' }));
  await page.getByRole('heading', { level: 1, name: /^Sëttïngs ~/ }).waitFor();
  await page.goto(gallery.url + frameAddress('capture', 'finished verified', { language: 'pseudo' }));
  await page.getByRole('heading', { level: 1, name: /~/ }).waitFor();
});
