import type { Page } from 'playwright-core';
import { en } from '../../web/capture/text/en.ts';

const TRIES = 3;
/** What a busy machine causes: too few frames to see the oval filled in time, or to judge the recording. Another attempt is offered. */
const TRY_AGAIN: readonly string[] = [en.camera.timeout, en.camera.framerate, en.again, en.againExpired].map(
  ({ title }) => title,
);
/** The page when no attempt is left. */
const ENDED = `h1:has-text("${en.outcomes.not_verified.title}")`;

/**
 * Presses Start and waits for `arriving`, e.g. an address or a request. Presses "Try again", as a user would, if the page offers it because
 * a busy machine was too slow.
 * @param beforeTry what has to be prepared for each attempt, e.g. another recording: one that was played before is refused
 * @throws as soon as the page shows anything else, with the title of what it showed
 */
export const pressStartUntil = async (
  page: Page,
  arriving: Promise<unknown>,
  timeoutMs: number,
  beforeTry: () => Promise<unknown> = async () => {},
): Promise<void> => {
  const arrived = arriving.then(() => 'arrived' as const);
  // Awaited below; a page that closes first must not end the process.
  arrived.catch(() => {});
  for (let tries = 1; ; tries += 1) {
    await beforeTry();
    await page.click('.primary');
    await page.waitForSelector('.notice', { state: 'detached', timeout: timeoutMs });
    const said = page
      .waitForSelector('.notice strong', { timeout: timeoutMs })
      .then(async (title) => (await title.textContent()) ?? '');
    said.catch(() => {});
    const ended = page
      .waitForSelector(ENDED, { timeout: timeoutMs })
      .then(async (title) => (await title.textContent()) ?? '');
    ended.catch(() => {});
    const next = await Promise.race([arrived, said, ended]);
    if (next === 'arrived') return;
    if (!TRY_AGAIN.includes(next) || tries === TRIES) throw new Error(`try ${tries} ended with "${next}"`);
  }
};
