import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildAction } from '../../action/tools/build.ts';
import { buildPages } from '../../web/build.ts';

export interface PageBytes {
  readonly actionBytes: number;
  /** gzip: what a browser loads before the person starts the camera. */
  readonly beforeCamera: number;
  /** gzip: what the camera step loads on top: component, face model, one WebAssembly file. */
  readonly withCamera: number;
}

const gzipBytes = async (file: string): Promise<number> => gzipSync(await readFile(file), { level: 9 }).length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Sizes of what is delivered. The camera step's files carry its name; everything that index.html names is loaded at once. */
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
  };
};
