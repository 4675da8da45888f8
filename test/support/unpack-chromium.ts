import { executablePath } from './chromium.ts';

/**
 * Unpacks the browser once, before any test file starts: two files that did it at the same moment would start one that is half
 * unpacked.
 */
export const setup = async (): Promise<void> => {
  await executablePath();
};
