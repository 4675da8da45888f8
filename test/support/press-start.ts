import type { Page } from 'playwright-core';

const TRIES = 3;

/**
 * Presses Start and waits until `arriving` is so, e.g. an address or a request; presses "Try again" where the page offers it because a busy machine
 * was too slow to see the oval filled in the component's seven seconds, as a person would.
 */
export const pressStartUntil = async (page: Page, arriving: Promise<unknown>, timeoutMs: number): Promise<void> => {
  const arrived = arriving.then(() => 'arrived' as const);
  // Looked at below; a page that closes first must not end the process.
  arrived.catch(() => {});
  for (let tries = 1; ; tries += 1) {
    await page.click('.primary');
    await page.waitForSelector('.notice:has-text("oval")', { state: 'detached', timeout: timeoutMs });
    const offered = page
      .waitForSelector('.notice:has-text("oval")', { timeout: timeoutMs })
      .then(() => 'again' as const);
    offered.catch(() => {});
    if ((await Promise.race([arrived, offered])) === 'arrived') return;
    if (tries === TRIES) throw new Error('the face did not fill the oval in any try');
  }
};
