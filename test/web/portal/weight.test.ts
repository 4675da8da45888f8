import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildPages, PORTAL_MANIFEST } from '../../../web/build.ts';
import { pruneTokens } from '../../../web/slim.ts';

/**
 * What a first load may weigh, compressed, before a chart is opened. The forms of an integration are the heaviest: they also say what
 * somebody else changed meanwhile.
 */
const BUDGET_BYTES = 305_000;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

let folder: string;
let manifest: Readonly<Record<string, Chunk>>;
const sizes = new Map<string, number>();
beforeAll(async () => {
  folder = (await buildPages()).portal;
  manifest = JSON.parse(await readFile(PORTAL_MANIFEST, 'utf8')) as typeof manifest;
  const files = new Set(Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]));
  const compress = promisify(gzip);
  for (const file of files) sizes.set(file, (await compress(await readFile(join(folder, file)))).length);
});

/** Every chunk that is loaded together with this one. */
const withImports = (key: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key]?.imports ?? []) withImports(imported, seen);
  return seen;
};

/** Bytes on the wire of a visit that begins at this page: scripts and styles of the entry, of the start and of the page. */
const weightOf = (page: string): number => {
  const chunks = new Set(['index.html', 'start.tsx', page].flatMap((key) => [...withImports(key)]));
  const files = new Set([...chunks].flatMap((key) => [manifest[key]?.file ?? '', ...(manifest[key]?.css ?? [])]));
  return [...files].reduce((sum, file) => sum + (sizes.get(file) ?? Number.NaN), 0);
};

test('the first load of every page stays within its budget, without the charts', () => {
  const pages = Object.keys(manifest).filter((key) => /^pages\/.*-page\.tsx$/.test(key));
  expect(pages.length).toBeGreaterThan(14);
  const weights = pages.map((page) => [page, weightOf(page)] as const);
  expect(weights.filter(([, bytes]) => !(bytes < BUDGET_BYTES))).toEqual([]);
  expect(weightOf('pages/overview/charts.tsx')).toBeGreaterThan(weightOf('pages/overview/overview-page.tsx'));
});

test('tokens that nothing reads are left out, and no other', () => {
  const css = '.a{--x-1:red;--y-2:var(--x-1);--z-3:blue}.awsui-context-gone{--y-2:1}.awsui-context-here{--y-2:2}';
  expect(pruneTokens(css, `.b{color:var(--y-2, green)} ${css} make("here")`)).toBe(
    '.a{--x-1:red;--y-2:var(--x-1);}.awsui-context-here{--y-2:2}',
  );
});
