import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What `exports` in package.json names. */
const LIBRARY = join(ROOT, 'dist/library');
/** Where tsconfig.library.json has the compiler write: all declarations, of which the library needs some. */
const ALL_TYPES = join(ROOT, 'dist/library-types');
const ENTRY = 'lib/cdk';

/** Packages stay imports: CDK has to be the app's own, since it tells its constructs by their class. */
const buildCode = () =>
  build({
    entryPoints: [join(ROOT, `${ENTRY}.ts`)],
    absWorkingDir: ROOT,
    outfile: join(LIBRARY, 'cdk.mjs'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
  });

/** Imports of the project's own files in a declaration. */
const OWN_IMPORT = /(?<=['"])(\.{1,2}\/[^'"]+)\.ts(?=['"])/g;

/** Copies a declaration with everything that it imports. Its imports name `.js`, as TypeScript resolves them without special options. */
const copyTypes = async (name: string, copied = new Set<string>()): Promise<void> => {
  if (copied.has(name)) return;
  copied.add(name);
  const text = await readFile(join(ALL_TYPES, `${name}.d.ts`), 'utf8');
  const file = join(LIBRARY, 'types', `${name}.d.ts`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text.replaceAll(OWN_IMPORT, '$1.js'));
  for (const [, imported = ''] of text.matchAll(OWN_IMPORT)) await copyTypes(join(dirname(name), imported), copied);
};

const buildTypes = async (): Promise<void> => {
  await rm(ALL_TYPES, { recursive: true, force: true });
  const compiler = join(createRequire(import.meta.url).resolve('typescript-7/package.json'), '../bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.library.json')], { cwd: ROOT });
  await copyTypes(ENTRY);
};

/** Builds what `verified-face-factor/cdk` is in the archive, since Node strips no types from packages: JavaScript and declarations. */
export const buildLibrary = async (): Promise<void> => {
  await rm(LIBRARY, { recursive: true, force: true });
  await Promise.all([buildCode(), buildTypes()]);
};
