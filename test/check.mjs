import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

// `npm run check`: all parts at once, each one's output whole. No TypeScript, which would have to be translated before anything starts.
const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What the tools remember of their last run; ignored by git, and never needed. */
const MEMORY = join(ROOT, 'dist/check');
const FOLDERS = ['bin', 'lib', 'contract', 'action', 'lambdas', 'web', 'local', 'test'];

/** The tools compare files of the repository by themselves; packages are told apart by the lock file. */
const forgetOtherPackages = async () => {
  const packages = createHash('sha256')
    .update(process.version)
    .update(await readFile(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const stamp = join(MEMORY, 'packages');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === packages) return;
  await rm(MEMORY, { recursive: true, force: true });
  await mkdir(MEMORY, { recursive: true });
  await writeFile(stamp, packages);
};

const programOf = (file) => join(ROOT, 'node_modules', file);

/** By name: what Node runs. The longest first. */
const PARTS = {
  types: [programOf('typescript-7/bin/tsc'), '--pretty'],
  'import rules': [
    programOf('dependency-cruiser/bin/dependency-cruise.mjs'),
    ...['--config', '.dependency-cruiser.cjs', '--cache', join(MEMORY, 'import-rules'), '--cache-strategy', 'content'],
    ...FOLDERS,
  ],
  'format and lint': [programOf('@biomejs/biome/bin/biome'), 'check', '.'],
};

/** Runs one part and tells how it went. True: it found nothing. */
const run = async ([name, args]) => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(`${said}${complained}`);
  return code === 0;
};

await forgetOtherPackages();
const passed = await Promise.all(Object.entries(PARTS).map(run));
process.exitCode = passed.every(Boolean) ? 0 : 1;
