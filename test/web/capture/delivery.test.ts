import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildPages } from '../../../web/build.ts';
import { capturePageHeaders } from '../../../web/capture/security-headers.ts';

let folder: string;
let files: readonly { readonly path: string; readonly bytes: Buffer }[];
beforeAll(async () => {
  ({ capture: folder } = await buildPages());
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return { path: path.slice(folder.length + 1), bytes: await readFile(path) };
      }),
  );
});

const headers = capturePageHeaders({ livenessRegion: 'eu-west-1', path: '/capture/' });

test('T64 T65 the headers of the page, whole', () => {
  expect(headers).toMatchInlineSnapshot(`
    {
      "cache-control": "no-cache",
      "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self' wss://streaming-rekognition.eu-west-1.amazonaws.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "camera=(self), microphone=(), geolocation=()",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
    }
  `);
});

describe('what is delivered', () => {
  test('needs no inline script or style and no other origin', async () => {
    const html = files.find(({ path }) => path === 'index.html')?.bytes.toString() ?? '';
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/i);
    expect(html.match(/(?:src|href)="([^"]+)"/g)?.every((link) => link.includes('="/capture/'))).toBe(true);
  });

  test('files with a hash in their name are immutable, all others are revalidated', () => {
    for (const { path } of files) {
      const cache = capturePageHeaders({ livenessRegion: 'eu-west-1', path: `/capture/${path}` })['cache-control'];
      expect(cache?.includes('immutable'), path).toBe(/-[\w-]{8}\.\w+$/.test(path));
    }
  });

  test('T71 no script keeps anything in the browser: no storage, no database, no service worker cache', async () => {
    const first = files.filter(({ path }) => /^assets\/index-.*\.js$/.test(path));
    expect(first).not.toEqual([]);
    const source = new URL('../../../web/capture/', import.meta.url);
    const names = (await readdir(source)).filter((name) => /\.tsx?$/.test(name));
    const own = await Promise.all(names.map((name) => readFile(new URL(name, source), 'utf8')));
    expect(own.join('\n')).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker/);
  });

  test('the camera’s script is one file: no part of it is loaded after an attempt is counted', () => {
    const names = files.map(({ path }) => path).filter((path) => /^assets\/.*\.js$/.test(path));
    expect(names.map((name) => name.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual([
      'assets/index',
      'assets/liveness-step',
      'assets/qr-code',
    ]);
    const step = files.find(({ path }) => path.startsWith('assets/liveness-step-'))?.bytes.toString() ?? '';
    expect(step).not.toMatch(/\bimport\([`'"]/);
  });

  test('the model comes with its license, and there is no map or source', () => {
    const names = files.map(({ path }) => path);
    expect(names).toContain('models/face/LICENSE.txt');
    expect(names.filter((name) => /\.(map|tsx?)$/.test(name))).toEqual([]);
  });

  test('before the camera starts a phone loads at most 130 kB, compressed', () => {
    const document = files.find(({ path }) => path === 'index.html')?.bytes.toString() ?? '';
    // The license is only linked there, not loaded.
    const html = document.replace(/<link rel="license"[^>]*>/, '');
    const first = files.filter(({ path }) => path === 'index.html' || html.includes(path));
    expect(first.length).toBeGreaterThanOrEqual(3);
    const bytes = first.reduce((sum, file) => sum + gzipSync(file.bytes).length, 0);
    expect(bytes).toBeLessThan(130_000);
  });
});
