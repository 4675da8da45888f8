import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The file that an Auth0 admin pastes or that an installer uploads. */
export const ACTION_FILE = join(ROOT, 'dist/action/verified-face-factor.js');
/** Auth0's limit on an Action's source (Actions limitations). */
export const MAX_ACTION_BYTES = 100_000;

const bundle = async (): Promise<string> => {
  const result = await build({
    entryPoints: [join(ROOT, 'action/src/post-login.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    // Below ES2017 async functions become plain ones, which Auth0 refuses. Not minified: admins read what they install.
    target: 'node22',
    legalComments: 'none',
  });
  return result.outputFiles[0]?.text ?? '';
};

const check = (code: string): void => {
  if (Buffer.byteLength(code) >= MAX_ACTION_BYTES) throw new Error('the Action is larger than Auth0 accepts');
  const foreign = [...code.matchAll(/\brequire\("([^"]+)"\)/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => !name.startsWith('node:'));
  if (foreign.length > 0) throw new Error(`the Action requires ${foreign.join(', ')}`);
};

/** Builds the Action into one file and checks what Auth0 will check. */
export const buildAction = async (): Promise<{ readonly file: string; readonly bytes: number }> => {
  const code = await bundle();
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const text = `// Verified face factor ${packageJson.version}, source ${hash}. Apache-2.0. Trigger: post-login, Node 22.\n${code}`;
  check(text);
  await mkdir(dirname(ACTION_FILE), { recursive: true });
  await writeFile(ACTION_FILE, text);
  return { file: ACTION_FILE, bytes: Buffer.byteLength(text) };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { bytes } = await buildAction();
  console.log(`dist/action/verified-face-factor.js: ${bytes} bytes`);
}
