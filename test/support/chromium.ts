import { existsSync } from 'node:fs';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { moveDate, movedMs } from '../clock/moved-clock.cjs';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/google-chrome'];

/** A browser of the system, or the one in the npm package @sparticuz/chromium. */
export const executablePath = async (): Promise<string> =>
  process.env['CHROMIUM_PATH'] ?? SYSTEM.find((path) => existsSync(path)) ?? (await chromiumPackage.executablePath());

/** Pages use the tests' clock if that was shifted: a device whose clock is wrong is a separate test. */
const moveClocks = (browser: Browser): Browser => {
  if (movedMs === 0) return browser;
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    await context.addInitScript(`(${moveDate})(globalThis, ${movedMs})`);
    return context;
  };
  return browser;
};

/**
 * A headless Chromium without background traffic.
 * @param cameraFile MJPEG that plays as the camera, in a loop; `pattern`: the browser's own moving test picture, without a face; absent: no camera
 */
export const launchChromium = async (cameraFile?: string): Promise<Browser> => {
  const browser = await chromium.launch({
    executablePath: await executablePath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
      ...(cameraFile === undefined
        ? []
        : [
            '--use-fake-ui-for-media-stream',
            '--use-fake-device-for-media-stream',
            ...(cameraFile === 'pattern' ? [] : [`--use-file-for-fake-video-capture=${cameraFile}`]),
          ]),
    ],
  });
  return moveClocks(browser);
};
