import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { NOTICES_FILE_NAME } from '../contract/api/portal/sign-in.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Folder of the bundles: one folder per function, with `index.mjs` and the third-party notices of its contents. */
const BUNDLE_FOLDER = join(ROOT, 'dist/lambda');

export interface LambdaBundle {
  readonly name: string;
  /** Folder that is uploaded. */
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  /** Every source file that contributes to it. */
  readonly modules: readonly string[];
}

/** Names of all Lambdas: the folders of `lambdas/functions/` that have an entry file. */
export const lambdaNames = (): readonly string[] =>
  readdirSync(join(ROOT, 'lambdas/functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter(
      (name) => statSync(join(ROOT, 'lambdas/functions', name, 'index.ts'), { throwIfNoEntry: false }) !== undefined,
    )
    .sort();

/** Packages written for CommonJS ask for `require`, which ES modules lack. */
const BANNER = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** Atomic: a parallel process that reads the file sees the old one or the new one. */
const replaceFile = (file: string, contents: Uint8Array | string): void => {
  const temporary = `${join(BUNDLE_FOLDER, randomUUID())}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
};

/** All in one run of the bundler, which then reads each source file once. */
const bundleAll = (): readonly LambdaBundle[] => {
  const names = lambdaNames();
  const { metafile, outputFiles } = buildSync({
    entryPoints: names.map((name) => ({ in: join(ROOT, 'lambdas/functions', name, 'index.ts'), out: `${name}/index` })),
    absWorkingDir: ROOT,
    outdir: BUNDLE_FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Bundled: the SDK's ES modules can be tree-shaken, and the copy in Lambda's runtime is another version than the tested one.
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    legalComments: 'none',
    logLevel: 'error',
  });
  return names.map((name) => {
    const folder = join(BUNDLE_FOLDER, name);
    const file = join(folder, 'index.mjs');
    const contents = outputFiles.find(({ path }) => path === file)?.contents;
    const inputs = metafile.outputs[relative(ROOT, file)]?.inputs;
    if (contents === undefined || inputs === undefined) throw new Error(`${name} was not bundled`);
    mkdirSync(folder, { recursive: true });
    replaceFile(file, contents);
    const included = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const modules = included.map(([path]) => path).sort();
    replaceFile(join(folder, NOTICES_FILE_NAME), thirdPartyNotices(modules));
    return { name, folder, file, bytes: contents.length, modules };
  });
};

let bundles: ReadonlyMap<string, LambdaBundle> | null = null;

/** Bundles every Lambda as it is deployed, once per process. */
export const bundleLambdas = (): ReadonlyMap<string, LambdaBundle> => {
  bundles ??= new Map(bundleAll().map((bundle) => [bundle.name, bundle]));
  return bundles;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, bytes } of bundleLambdas().values())
    console.log(`dist/lambda/${name}: ${Math.round(bytes / 1000)} kB`);
}
