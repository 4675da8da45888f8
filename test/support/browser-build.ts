import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * The browser build of a package, bundled and loaded in Node: its code for browsers, on Node's `fetch`, `WebCrypto` and `WebSocket`.
 * @param source e.g. `export { RekognitionClient } from '@aws-sdk/client-rekognition';`
 * @param resolveDir where the package is resolved from
 */
export const loadBrowserBuild = async <T>(source: string, resolveDir: string): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-browser-build-'));
  try {
    const file = join(folder, 'build.mjs');
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      define: { 'process.env.NODE_ENV': '"test"', global: 'globalThis' },
      logLevel: 'error',
    });
    await writeFile(file, outputFiles[0]?.contents ?? '');
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as T;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
