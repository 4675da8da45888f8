import { executablePath } from './chromium.ts';

/**
 * Unpacks the browser once, before any test file starts: two files that did it concurrently would start a partially unpacked
 * one.
 */
export const setup = async (): Promise<void> => {
  await executablePath();
};
