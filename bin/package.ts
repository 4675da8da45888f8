import { spawnSync } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLibrary } from './build-library.ts';
import { buildUploads } from './build-uploads.ts';

// `npm run package`: the archive that `npm pack` makes, with the exact versions of everything. npm never packs a package-lock.json;
// under the name npm-shrinkwrap.json it does, and `npm ci` reads that file too (npm docs, "npm-shrinkwrap.json"). Only the copy has that
// name: next to a package-lock.json npm would prefer it.
const ROOT = fileURLToPath(new URL('../', import.meta.url));
// Here and not in a script called prepack, which npm would leave out: `.npmrc` allows no script of a package.
await Promise.all([buildUploads(), buildLibrary()]);
const shrinkwrap = join(ROOT, 'npm-shrinkwrap.json');
await copyFile(join(ROOT, 'package-lock.json'), shrinkwrap);
try {
  const { status } = spawnSync('npm', ['pack', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  await rm(shrinkwrap);
}
