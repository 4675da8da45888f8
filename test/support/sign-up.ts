import type { Page } from 'playwright-core';
import type { Platform } from '../../local/platform/start-platform.ts';

/** Signs up a new user, so that journeys do not interfere; ends on the capture page. */
export const signUpAt = async (platform: Pick<Platform, 'bank'>, page: Page, email: string): Promise<void> => {
  await page.goto(`${platform.bank}/login`);
  await page.click('text=Sign up');
  await page.fill('#name', 'Test Person');
  await page.fill('#email', email);
  await page.fill('#password', 'correct horse');
  await page.click('main button');
  await page.waitForURL(/\/capture\//);
};
