import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The folder of the package. Its own name leads to it from a file in lib as well as from the bundle that the archive contains
 * (Node.js, "Packages", "Self-referencing a package using its name").
 */
const ROOT = dirname(createRequire(import.meta.url).resolve('verified-face-factor/package.json'));

/**
 * Folder of a function's bundle, which a stack uploads. In a checkout bin/build-uploads.ts builds it; the archive contains it.
 * @param name folder in `lambdas/functions/`
 */
export const functionFolder = (name: string): string => join(ROOT, 'dist/lambda', name);

/** Folder of a built page, which a stack uploads; built and packed as the functions are. */
export const pageFolder = (page: 'capture' | 'portal'): string => join(ROOT, 'dist/web', page);
