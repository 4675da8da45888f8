import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { z } from 'zod';

/** The release that deployed stages run, or the candidate for the first one. */
export const LAST_RELEASE = '0.1.0';

/** Source by the name of the function. */
export type Bundles = ReadonlyMap<string, string>;

/** What is known of a recorded release; `release.json` in its folder. */
const ReleaseFacts = z.strictObject({
  version: z.string(),
  /** Not released yet: recorded of a commit that might become it, and to be recorded again with the release. */
  isCandidate: z.boolean(),
  /** The commit whose functions are in the bundles. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** The environment variables that each function declares. */
  functions: z.record(z.string(), z.array(z.string()).min(1)),
});
export type ReleaseFacts = z.infer<typeof ReleaseFacts>;

/** Whether the changelog still calls a version unreleased. */
export const isUnreleased = (changelog: string, version: string): boolean =>
  changelog.split('\n').includes(`## [${version}] - Unreleased`);

const FILES = { facts: 'release.json', bundles: 'functions.json.br' } as const;
const folderOf = (version: string): string => join(import.meta.dirname, version);

/**
 * All functions of a release, exactly as they are uploaded, in half a megabyte: they share most of their code, and the window (RFC 7932:
 * at most 16 MB) is larger than all of them together.
 */
const pack = (bundles: Bundles): Buffer => {
  const bytes = Buffer.from(JSON.stringify(Object.fromEntries(bundles)));
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
};

/** @returns the size of the archive, bytes */
export const writeRelease = async (facts: ReleaseFacts, bundles: Bundles): Promise<number> => {
  const folder = folderOf(facts.version);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILES.facts), `${JSON.stringify(facts, null, 2)}\n`);
  const archive = pack(bundles);
  await writeFile(join(folder, FILES.bundles), archive);
  return archive.length;
};

export const readReleaseFacts = async (version: string): Promise<ReleaseFacts> =>
  ReleaseFacts.parse(JSON.parse(await readFile(join(folderOf(version), FILES.facts), 'utf8')));

/**
 * Writes the functions of a release into a folder.
 * @returns the file of each function, by its name
 */
export const unpackBundles = async (version: string, into: string): Promise<ReadonlyMap<string, string>> => {
  const text = brotliDecompressSync(await readFile(join(folderOf(version), FILES.bundles))).toString();
  const sources = z.record(z.string(), z.string()).parse(JSON.parse(text));
  const written = Object.entries(sources).map(async ([name, source]) => {
    const file = join(into, `${name}.mjs`);
    await writeFile(file, source);
    return [name, file] as const;
  });
  return new Map(await Promise.all(written));
};
