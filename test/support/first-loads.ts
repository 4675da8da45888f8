import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { buildPages, PORTAL_MANIFEST } from '../../web/build.ts';

/** Vite's manifest: by source, or by name for a file with several sources. */
type Manifest = Readonly<
  Record<string, { readonly file: string; readonly css?: readonly string[]; readonly imports?: readonly string[] }>
>;

/** What a visit loads that begins at one page: scripts and styles of the entry, of the start and of the page. */
export interface FirstLoad {
  /** The page's source, below web/portal. */
  readonly page: string;
  readonly files: number;
  readonly gzipBytes: number;
  /** Quality 5, as CloudFront compresses. */
  readonly brotliBytes: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The chunks that are loaded together with one. */
const withImports = (manifest: Manifest, key: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key]?.imports ?? []) withImports(manifest, imported, seen);
  return seen;
};

const filesOf = (manifest: Manifest, page: string): readonly string[] => {
  const chunks = new Set(['index.html', 'start.tsx', page].flatMap((key) => [...withImports(manifest, key)]));
  const loaded = [...chunks].flatMap((key) => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`${key} is not among the built files`);
    return [chunk.file, ...(chunk.css ?? [])];
  });
  return [...new Set(loaded)];
};

const isPage = (source: string): boolean => /^pages\/.*-page\.tsx$/.test(source);

/**
 * The first load of every page of the built portal.
 * @param parts sources of parts that are loaded after a page, to be measured with what they need
 */
export const firstLoadsOfPortal = async (parts: readonly string[] = []): Promise<readonly FirstLoad[]> => {
  const { portal } = await buildPages();
  const manifest = JSON.parse(await readFile(PORTAL_MANIFEST, 'utf8')) as Manifest;
  const measured = new Map<string, Promise<readonly [gzip: number, brotli: number]>>();
  const measure = async (file: string) => {
    const bytes = await readFile(join(portal, file));
    const [zipped, brotli] = await Promise.all([
      promisify(gzip)(bytes),
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    ]);
    return [zipped.length, brotli.length] as const;
  };
  const pages = [...Object.keys(manifest).filter(isPage), ...parts];
  return Promise.all(
    pages.map(async (page) => {
      const files = filesOf(manifest, page);
      for (const file of files) if (!measured.has(file)) measured.set(file, measure(file));
      const sizes = await Promise.all(files.map((file) => measured.get(file) ?? [Number.NaN, Number.NaN]));
      const [gzipBytes, brotliBytes] = [sum(sizes.map(([zipped]) => zipped)), sum(sizes.map(([, brotli]) => brotli))];
      return { page, files: files.length, gzipBytes, brotliBytes };
    }),
  );
};
