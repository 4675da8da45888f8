import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../local/platform/start-platform.ts';
import { en } from '../../web/capture/text/en.ts';
import { enBroken, enWaiting } from '../../web/capture/text/en-camera.ts';
import { findingsOf } from '../support/accessibility.ts';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/local-aws.ts';
import { liveTracks, setCamera, watchCamera } from '../support/page-tricks.ts';
import { signUpAt } from '../support/sign-up.ts';

const JOURNEY_MS = 180_000;
/** Every wait shows a hint within this time. */
const WAIT_MS = 30_000;
/** Longer than the page itself waits for its script and for an answer (`web/capture/limits.ts`). */
const START_MS = 120_000;
const STREAM = /start-face-liveness-session/;

let platform: Platform;
/** With the browser's test picture as camera: without a face no video begins. */
let browser: Browser;
let remove: () => Promise<void>;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  let folder: string;
  ({ folder, remove } = await temporaryFolder());
  platform = await startPlatform({
    firstPort: 0,
    folder,
    integration: { challenge: 'FaceMovementChallenge' },
    livenessRandom: () => 0.5,
  });
  browser = await launchChromium('pattern');
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await platform?.close();
  await remove();
});

const newContext = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  contexts.push(context);
  await watchCamera(context);
  return context;
};

let people = 0;
/** A new user's first page, with the consent box checked. */
const atStart = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  people += 1;
  await signUpAt(platform, page, `trouble-${people}@example.com`);
  await page.check('fieldset input[type=checkbox]');
  return page;
};

const pressStart = async (page: Page): Promise<void> => {
  const consent = page.locator('fieldset input[type=checkbox]');
  if ((await consent.count()) > 0) await consent.check();
  await page.click('button.primary');
};

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

/** Starts, and waits until the video could begin. */
const toCamera = async (page: Page): Promise<void> => {
  await pressStart(page);
  await page.waitForSelector('.camera .amplify-liveness-cancel-button', { timeout: JOURNEY_MS });
};

/** Like a user whose network is just coming back: presses again as long as the page says that there is none. */
const untilAtCamera = async (page: Page): Promise<void> => {
  const camera = page.locator('.camera .amplify-liveness-cancel-button');
  for (let tries = 1; tries <= 5; tries += 1) {
    await pressStart(page);
    const seen = camera.or(page.locator('.notice strong'));
    await page.locator('.notice').waitFor({ state: 'detached', timeout: START_MS });
    await seen
      .first()
      .waitFor({ timeout: START_MS })
      .catch(async (cause: unknown) => {
        throw new Error(`neither camera nor notice, but: ${await page.textContent('#root')}`, { cause });
      });
    if (await camera.isVisible()) return;
  }
  throw new Error('the network came back, and the page did not notice');
};

const noticeTitle = async (page: Page, timeout = WAIT_MS): Promise<string | null> => {
  await page.waitForSelector('.notice strong', { timeout });
  return page.textContent('.notice strong');
};

describe('the camera', () => {
  test(
    'goes off on cancel, each time, and none is opened later; without an attempt left the page offers none',
    async () => {
      const page = await atStart(await newContext());
      for (const left of ['3 tries left', '3 tries left', '3 tries left', '2 tries left', '1 try left', null]) {
        await toCamera(page);
        await page.click('.amplify-liveness-cancel-button');
        expect(await noticeTitle(page)).toBe(en.camera.stopped.title);
        await page.waitForFunction(() => window.givenTracks?.every(({ readyState }) => readyState === 'ended'), null, {
          timeout: 1000,
        });
        if (left !== null) await page.waitForSelector(`text=${left}`);
      }
      // One for each start: the component's own request on cancel got none.
      expect(await liveTracks(page)).toEqual(Array(6).fill(false));
      // The number left is read again after each attempt.
      await page.waitForSelector(`text=${en.intro.noTries}`);
      expect((await page.textContent('#root')) ?? '').not.toMatch(/try again/i);
      expect(await findingsOf(page, { exclude: ['.local-demo'] })).toEqual([]);
      await press(page, en.back);
      await page.waitForSelector('#code');
      expect(await page.textContent('#code')).toBe('face_unavailable');
    },
    JOURNEY_MS * 2,
  );

  test(
    'goes off when the page is left, and the attempt is released',
    async () => {
      const page = await atStart(await newContext());
      await toCamera(page);
      const released = page.waitForRequest(/\/api\/session\/release$/);
      await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
      expect((await released).postDataJSON()).toEqual({ attempt: 1 });
      expect(await liveTracks(page)).toEqual([false]);
    },
    JOURNEY_MS,
  );

  test(
    'that is refused is explained with its true cause, and no attempt is used, however often',
    async () => {
      const page = await atStart(await newContext());
      const causes = [
        ['NotAllowedError', 'Permission denied', 'denied', en.camera.denied],
        ['NotAllowedError', 'Permission dismissed', 'prompt', en.camera.dismissed],
        ['NotAllowedError', 'Permission denied by system', 'denied', en.camera.denied_by_system],
        ['NotAllowedError', 'Permission denied', 'granted', en.camera.denied_by_system],
        ['NotAllowedError', 'Permissions policy violation: camera', 'denied', en.camera.denied_by_policy],
        ['NotFoundError', 'Requested device not found', 'prompt', en.camera.missing],
        ['NotReadableError', 'Device in use', 'granted', en.camera.busy],
        ['OverconstrainedError', '', 'granted', en.camera.unsuitable],
        ['AbortError', 'Starting videoinput failed', 'granted', en.camera.not_started],
      ] as const;
      for (const [name, message, permission, words] of causes) {
        await page.evaluate(setCamera, { answer: { name, message }, permission });
        await pressStart(page);
        await page.waitForSelector(`.notice strong:text-is("${words.title}")`);
        expect(await page.textContent('.notice')).toContain(en.noTryUsed);
        await page.waitForSelector('text=3 tries left');
      }
    },
    JOURNEY_MS,
  );

  test(
    'prompt that is not answered shows a hint, and lets the user go back',
    async () => {
      const page = await atStart(await newContext());
      await page.evaluate(setCamera, { answer: 'never' as const, permission: 'prompt' });
      await pressStart(page);
      await page.waitForSelector(`.hint strong:text-is("${enWaiting.cameraHint.title}")`, { timeout: WAIT_MS });
      expect(await findingsOf(page, { exclude: ['.local-demo'] })).toEqual([]);
      await press(page, enWaiting.back);
      await page.waitForSelector('text=3 tries left');
    },
    JOURNEY_MS,
  );
});

describe('a part of the page', () => {
  const SCRIPT = /\/assets\/liveness-step-[\w-]+\.js/;
  const STYLES = /\/assets\/styles-[\w-]+\.css/;

  test(
    'that never loads: says so with support id and Reload, the camera goes off, and no attempt is used',
    async () => {
      const context = await newContext();
      const page = await atStart(context);
      await page.route(SCRIPT, (route) => route.fulfill({ status: 404 }));
      await pressStart(page);
      await page.waitForSelector(`h1:text-is("${en.failures['not-loaded'].title}")`, { timeout: WAIT_MS });
      expect(await page.textContent('.support code')).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
      expect(await liveTracks(page)).toEqual([false]);
      await page.unroute(SCRIPT);
      await press(page, en.reload);
      await page.waitForSelector('text=3 tries left');
    },
    JOURNEY_MS,
  );

  test.each([
    ['script', SCRIPT],
    ['style sheet', STYLES],
  ])(
    'that fails to load once, the %s: requested again, and the check begins',
    async (_name, part) => {
      const page = await atStart(await newContext());
      let asked = 0;
      await page.route(part, (route) => {
        asked += 1;
        return asked === 1 ? route.abort() : route.continue();
      });
      await toCamera(page);
      expect(asked).toBe(2);
      const stage = await page
        .locator('.amplify-liveness-cancel-container')
        .evaluate((each) => getComputedStyle(each).position);
      expect(stage).toBe('absolute');
    },
    JOURNEY_MS,
  );

  test(
    'that breaks while rendering: says so, the camera goes off and the attempt is released',
    async () => {
      const context = await newContext({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)' });
      await context.addInitScript(() => {
        window.matchMedia = () => {
          throw new Error('no such thing');
        };
      });
      const page = await atStart(context);
      const released = page.waitForRequest(/\/api\/session\/release$/);
      await pressStart(page);
      await page.waitForSelector(`h1:text-is("${enBroken.title}")`, { timeout: JOURNEY_MS });
      expect((await released).postDataJSON()).toEqual({ attempt: 1 });
      expect(await liveTracks(page)).toEqual([false]);
      expect(await page.textContent('.support code')).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
      expect(await findingsOf(page, { exclude: ['.local-demo'] })).toEqual([]);
      await press(page, en.reload);
      await page.waitForSelector('text=3 tries left');
    },
    JOURNEY_MS,
  );

  test('that never runs: the document itself says what to do', async () => {
    const off = await newContext({ javaScriptEnabled: false });
    const page = await off.newPage();
    await page.goto(`${platform.verified}/capture/`);
    await page.waitForSelector('text=Turn JavaScript on', { timeout: WAIT_MS });
    const broken = await (await newContext()).newPage();
    await broken.route(/\/assets\/index-[\w-]+\.js/, (route) =>
      route.fulfill({ status: 200, contentType: 'text/javascript', body: 'let = ;' }),
    );
    await broken.goto(`${platform.verified}/capture/`);
    await broken.waitForSelector('text=Turn JavaScript on', { timeout: WAIT_MS });
  });
});

describe('the stream', () => {
  test(
    'that opens and never sends a message ends with a notice and a way on, and the camera goes off',
    async () => {
      const page = await atStart(await newContext());
      await page.routeWebSocket(STREAM, () => {});
      await toCamera(page);
      expect(await noticeTitle(page)).toBe(en.camera.connection.title);
      expect(await page.textContent('.notice')).toContain(en.noTryUsed);
      await page.waitForSelector('text=3 tries left');
      expect(await liveTracks(page)).toEqual([false]);
    },
    JOURNEY_MS,
  );

  test(
    'that becomes silent during the video ends the same way',
    async () => {
      const page = await atStart(await newContext());
      await page.check('input[value=a]');
      let sent = 0;
      await page.routeWebSocket(STREAM, (socket) => {
        const server = socket.connectToServer();
        // The video begins; then nothing arrives any more, in either direction.
        socket.onMessage((message) => {
          sent += 1;
          if (sent < 3) server.send(message);
        });
        server.onMessage((message) => {
          if (sent < 3) socket.send(message);
        });
      });
      await toCamera(page);
      expect(await noticeTitle(page, JOURNEY_MS)).toBe(en.camera.connection_lost.title);
      expect(sent).toBeGreaterThan(2);
    },
    JOURNEY_MS * 2,
  );

  test(
    'without a network: says so immediately; when it is back the next attempt begins',
    async () => {
      const context = await newContext();
      const page = await atStart(context);
      await toCamera(page);
      await context.setOffline(true);
      expect(await noticeTitle(page)).toBe(en.camera.connection_lost.title);
      expect(await liveTracks(page)).toEqual([false]);
      await pressStart(page);
      await page.waitForSelector(`.notice strong:text-is("${en.failures.offline.title}")`, { timeout: WAIT_MS });
      await context.setOffline(false);
      await untilAtCamera(page);
    },
    JOURNEY_MS,
  );
});
