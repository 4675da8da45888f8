import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import { packageNames } from '../../lib/third-party-notices.ts';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The file that an Auth0 admin pastes or that an installer uploads. */
export const ACTION_FILE = join(ROOT, 'dist/action/verified-face-factor.js');
/** Auth0's limit on an Action's source, in bytes (Auth0 docs, "Actions limitations"). */
export const MAX_ACTION_BYTES = 100_000;

const HANDLERS = ['onContinuePostLogin', 'onExecutePostLogin'];
const SOURCE_FOLDERS = ['action/src', 'action/tools', 'contract/protocol'];

/** 64 bits are enough to detect a change; the hash is no protection against forgery. */
const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A hash of all sources of the Action. */
const hashSources = async (): Promise<string> => {
  const lists = await Promise.all(
    SOURCE_FOLDERS.map(async (folder) => (await readdir(join(ROOT, folder))).map((name) => `${folder}/${name}`)),
  );
  const names = lists.flat().filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(
    names.sort().map(async (name) => `${name}\n${await readFile(join(ROOT, name), 'utf8')}`),
  );
  return shortHash([packageJson.version, packageJson.dependencies.esbuild, ...texts].join('\n'));
};

const bundle = async (): Promise<string> => {
  const result = await build({
    entryPoints: [join(ROOT, 'action/src/post-login.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    // Below ES2017 async functions become plain ones, which Auth0 refuses. Not minified: admins read what they install.
    target: 'node22',
    legalComments: 'none',
    // The thrown error says what is wrong.
    logLevel: 'silent',
  });
  // A single file for pasting has no place for third-party notices.
  const foreign = packageNames(Object.keys(result.metafile.inputs));
  if (foreign.length > 0) throw new Error(`the Action holds parts of ${foreign.join(', ')}`);
  return result.outputFiles[0]?.text ?? '';
};

const nodeModulesOnly = (id: string): unknown => {
  if (!id.startsWith('node:')) throw new Error(`the Action requires ${id}`);
  return createRequire(import.meta.url)(id);
};

/**
 * Checks a built Action as Auth0 will: its size, and that it loads as a function of module, exports, require and console with
 * nothing but Node's own modules, and exports exactly the two handlers as real async functions.
 * @throws Error naming what Auth0 would refuse
 */
export const checkAction = (code: string): void => {
  if (Buffer.byteLength(code) >= MAX_ACTION_BYTES) throw new Error('the Action is larger than Auth0 accepts');
  const module: { exports: Record<string, unknown> } = { exports: {} };
  compileFunction(code, ['module', 'exports', 'require', 'console'])(module, module.exports, nodeModulesOnly, console);
  const names = Object.keys(module.exports).sort();
  if (names.join() !== HANDLERS.join()) throw new Error(`the Action exports ${names.join()}`);
  for (const name of names) {
    if (module.exports[name]?.constructor.name !== 'AsyncFunction') throw new Error(`${name} is no async function`);
  }
};

const bannerOf = (sourceHash: string, code: string): string =>
  `// Verified face factor ${packageJson.version}, source ${sourceHash}, code ${shortHash(code)}. ` +
  'Apache-2.0. Auth0 trigger: post-login v3, runtime node22.\n';

/** The size of the existing file if it was built from these sources and is complete; otherwise null. */
const builtBytes = async (file: string, sourceHash: string): Promise<number | null> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const code = text.slice(text.indexOf('\n') + 1);
  return text !== '' && text === bannerOf(sourceHash, code) + code ? Buffer.byteLength(text) : null;
};

/**
 * Builds the Action into one file, checks it and returns its path. Does nothing if that file is up to date, and otherwise replaces
 * it atomically, so that several processes may call this concurrently.
 * @param file path of the file
 * @throws Error naming what Auth0 would refuse
 */
export const buildAction = async (
  file: string = ACTION_FILE,
): Promise<{ readonly file: string; readonly bytes: number }> => {
  const sourceHash = await hashSources();
  const upToDate = await builtBytes(file, sourceHash);
  if (upToDate !== null) return { file, bytes: upToDate };
  const code = await bundle();
  const text = bannerOf(sourceHash, code) + code;
  checkAction(text);
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
  return { file, bytes: Buffer.byteLength(text) };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { bytes } = await buildAction();
  console.log(`dist/action/verified-face-factor.js: ${bytes} bytes`);
}
