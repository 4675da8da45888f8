import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingsOf } from '../support/accessibility.ts';
import { CAPTURE_SCREENS } from '../support/capture-screens.tsx';
import { launchChromium } from '../support/chromium.ts';

const STYLES = fileURLToPath(new URL('../../web/capture/styles.css', import.meta.url));

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

let browser: Browser;
let styles: string;
beforeAll(async () => {
  [browser, styles] = await Promise.all([launchChromium(), readFile(STYLES, 'utf8')]);
});
afterAll(() => browser.close());

const markupOf = (name: string): string => {
  const screen = CAPTURE_SCREENS[name];
  if (screen === undefined) throw new Error(`no screen ${name}`);
  return renderToStaticMarkup(screen);
};

const documentOf = (
  name: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Face check</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${styles}</style></head>
<body><div id="root" role="main">${markupOf(name)}</div></body></html>`;

/** Changes the screen within one document, so that axe is loaded only once. */
const show = (page: Page, name: string): Promise<void> =>
  page.locator('#root').evaluate((root, markup) => {
    root.innerHTML = markup;
  }, markupOf(name));

const withPage = async (
  options: { readonly colorScheme: 'light' | 'dark'; readonly width: number },
  look: (page: Page) => Promise<void>,
): Promise<void> => {
  const { colorScheme, width } = options;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  try {
    await look(await context.newPage());
  } finally {
    await context.close();
  }
};

test('axe finds what it should find', async () => {
  await withPage({ colorScheme: 'light', width: 390 }, async (page) => {
    await page.setContent(documentOf('loading').replace('<div id="root"', '<img src="data:,"><div id="root"'));
    expect(await findingsOf(page, { tags: WCAG })).toEqual([expect.stringContaining('image-alt')]);
  });
});

describe.each([
  ['light', 1280],
  ['dark', 320],
] as const)('every screen in %s, %i pixels wide', (colorScheme, width) => {
  test('passes axe, and is never wider than the window', async () => {
    await withPage({ colorScheme, width }, async (page) => {
      await page.setContent(documentOf('loading'));
      for (const name of Object.keys(CAPTURE_SCREENS)) {
        await show(page, name);
        expect(await findingsOf(page, { tags: WCAG }), name).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(
          0,
        );
      }
    });
  }, 120_000);
});

/** Screens without anything to press: it is over, or continues automatically when the other device is done. */
const WITHOUT_MAIN_CONTROL = [
  'finished, handed over before',
  'finished on the other device',
  'code shown',
  'link sent',
  'code drawn',
  'link opened elsewhere',
  'link opened here',
];

test('every screen says what to do next: a control or a way back, and the support id if something went wrong', async () => {
  await withPage({ colorScheme: 'light', width: 390 }, async (page) => {
    for (const name of Object.keys(CAPTURE_SCREENS)) {
      await page.setContent(documentOf(name));
      expect(await page.locator('h1').count(), name).toBe(1);
      if (name === 'loading') continue;
      if (name.startsWith('waiting')) {
        // The user can leave it, and choose another way.
        expect(await page.locator('button.second').count(), name).toBe(1);
        expect(await page.locator('.ways button').count(), name).toBe(2);
        continue;
      }
      expect(await page.locator('.support code').textContent(), name).toBe('ABCD-EFGH');
      const controls = await page.locator('button.primary, a.primary').count();
      expect(controls, name).toBe(WITHOUT_MAIN_CONTROL.includes(name) ? 0 : 1);
      // During a wait the user can always choose another way, or report the sign-in.
      if (name.startsWith('link ') || name.startsWith('code drawn')) {
        expect(await page.locator('.ways button').count(), name).toBe(2);
      }
      const small = await page
        .locator('button:visible, a.primary:visible')
        .evaluateAll((all) =>
          all.filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.textContent),
        );
      expect(small, name).toEqual([]);
    }
  });
});

test('with doubled text size nothing is cut off', async () => {
  await withPage({ colorScheme: 'light', width: 390 }, async (page) => {
    for (const name of ['enroll, hard names', 'verify, again', 'finished locked']) {
      await page.setContent(documentOf(name));
      await page.addStyleTag({ content: 'html { font-size: 200% }' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
    }
  });
});
