import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildAction } from '../../action/tools/build.ts';
import { buildPages } from '../../web/build.ts';
import { type FirstLoad, firstLoadsOfPortal } from '../support/first-loads.ts';

export interface PageBytes {
  readonly actionBytes: number;
  /** gzip: what a browser loads before the user starts the camera. */
  readonly beforeCamera: number;
  /** gzip: what the camera step loads in addition: component, face model, one WebAssembly file. */
  readonly withCamera: number;
  /** First loads of the portal's pages with the fewest and the most bytes. */
  readonly portal: { readonly lightest: FirstLoad; readonly heaviest: FirstLoad };
}

const gzipBytes = async (file: string): Promise<number> => gzipSync(await readFile(file), { level: 9 }).length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const measurePortal = async (): Promise<PageBytes['portal']> => {
  const loads = (await firstLoadsOfPortal()).toSorted((a, b) => a.gzipBytes - b.gzipBytes);
  const [lightest, heaviest] = [loads.at(0), loads.at(-1)];
  if (lightest === undefined || heaviest === undefined) throw new Error('the portal has no pages');
  return { lightest, heaviest };
};

/** Sizes of what is delivered. The camera step's files carry its name; everything that index.html names is loaded immediately. */
export const measurePageBytes = async (): Promise<PageBytes> => {
  const [action, { capture: folder }] = await Promise.all([buildAction(), buildPages()]);
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const assets = await readdir(join(folder, 'assets'));
  const isFirst = (name: string): boolean => html.includes(name);
  const sizes = async (names: readonly string[]) =>
    sum(await Promise.all(names.map((name) => gzipBytes(join(folder, 'assets', name)))));
  const models = ['models/face/model.json', 'models/face/facemesh-detection-short.bin'];
  const wasm = join(folder, 'models/wasm/tfjs-backend-wasm-simd.wasm');
  return {
    actionBytes: (await stat(action.file)).size,
    beforeCamera: (await gzipBytes(join(folder, 'index.html'))) + (await sizes(assets.filter(isFirst))),
    withCamera:
      (await sizes(assets.filter((name) => !isFirst(name)))) +
      sum(await Promise.all([...models.map((name) => join(folder, name)), wasm].map(gzipBytes))),
    portal: await measurePortal(),
  };
};
