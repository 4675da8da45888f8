import { bundleLambdas } from '../lib/bundle-lambdas.ts';
import { buildPages } from '../web/build.ts';

/** Builds everything that the stacks upload (lib/built-files.ts): the functions' bundles and the pages, with the Action next to the portal. */
export const buildUploads = async (): Promise<void> => {
  bundleLambdas();
  await buildPages();
};
