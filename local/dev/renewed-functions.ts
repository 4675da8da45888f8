import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, type Metafile } from 'esbuild';
import type { Functions } from '../platform/load-lambdas.ts';
import { ROOT } from './root.ts';

const ENTRY = 'local/platform/load-lambdas.ts';
const FOLDER = join(ROOT, 'dist/dev/functions');

type Outputs = ReadonlyMap<string, string>;

/** The bundle of each separately loaded module, by its source; a name contains the hash of its content. */
const outputsOf = ({ outputs }: Metafile): Outputs =>
  new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) => (entryPoint === undefined ? [] : [[entryPoint, file]])),
  );

/** `lambdas/functions/session/index.ts`, `lambdas/composition/automation.ts`: `session`, `automation`. */
const nameOf = (source: string): string =>
  source
    .replace(/(\/index)?\.ts$/, '')
    .split('/')
    .at(-1) ?? source;

/**
 * The functions, bundled one by one, with packages left external. Node never reloads what it has imported. A changed bundle has
 * another name, so it is imported again, and an unchanged one keeps its state.
 */
export const renewedFunctions = async () => {
  await rm(FOLDER, { recursive: true, force: true });
  const bundler = await context({
    entryPoints: [join(ROOT, ENTRY)],
    absWorkingDir: ROOT,
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]-[hash]',
    chunkNames: '[dir]/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'silent',
  });
  let [loaded, outputs]: [Functions | null, Outputs] = [null, new Map()];
  /**
   * @returns the names of the functions that are new
   * @throws what does not compile or does not load; the previous functions keep running
   */
  const renew = async (): Promise<readonly string[]> => {
    const { metafile } = await bundler.rebuild();
    const built = outputsOf(metafile);
    const entry = pathToFileURL(resolve(ROOT, built.get(ENTRY) ?? '')).href;
    const { loadLambdas } = (await import(entry)) as typeof import('../platform/load-lambdas.ts');
    const changed = [...built].filter(([source, file]) => outputs.get(source) !== file);
    if (changed.length === 0) return [];
    loaded = await loadLambdas();
    outputs = built;
    return changed.map(([source]) => nameOf(source)).filter((name) => name !== nameOf(ENTRY));
  };
  await renew();
  const current = (): Functions => {
    if (loaded === null) throw new Error('the functions are not loaded');
    return loaded;
  };
  return { current, renew, close: () => bundler.dispose() };
};
