import type { Page } from 'playwright-core';

const TRIES = 3;

/**
 * Presses Start and waits until the browser is at `address`; presses "Try again" where the page offers it because a busy machine
 * was too slow to see the oval filled in the component's seven seconds, as a person would.
 */
export const pressStartUntil = async (page: Page, address: string, timeoutMs: number): Promise<void> => {
  const arrived = page.waitForURL(address, { timeout: timeoutMs }).then(() => 'arrived' as const);
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
