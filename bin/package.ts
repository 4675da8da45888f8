import { spawnSync } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `npm run package`: the archive that `npm pack` makes, with the exact versions of everything. npm never packs a package-lock.json;
// under the name npm-shrinkwrap.json it does, and `npm ci` reads that file too (npm docs, "npm-shrinkwrap.json"). Only the copy has that
// name: next to a package-lock.json npm would prefer it.
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const shrinkwrap = join(ROOT, 'npm-shrinkwrap.json');
await copyFile(join(ROOT, 'package-lock.json'), shrinkwrap);
try {
  const { status } = spawnSync('npm', ['pack', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  await rm(shrinkwrap);
}
