import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { Resolver } from './resolver.ts';
import { resourcesOf, type Stack } from './template.ts';

/** Files that a deployment puts into the bucket of pages. */
interface Upload {
  /** e.g. `capture` */
  readonly prefix: string;
  readonly folder: string;
  readonly cacheControl: string;
  /** Text in the files to the value that only a deployment knows. */
  readonly markers: Readonly<Record<string, string>>;
}

/** The bucket of pages after a deployment. */
export interface DeployedSite {
  /** Contains a folder for each page. */
  readonly folder: string;
  /** By path, e.g. `/capture/index.html`: how long a file is cached, as uploaded with it. */
  readonly cacheControl: ReadonlyMap<string, string>;
}

const Properties = z.looseObject({
  DestinationBucketKeyPrefix: z.string(),
  SourceObjectKeys: z.array(z.string().regex(/^[0-9a-f]{64}\.zip$/)).length(1),
  SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
  SystemMetadata: z.looseObject({ 'cache-control': z.string() }),
});

const uploadsOf = (stacks: readonly Stack[], resolver: Resolver, assets: string): readonly Upload[] =>
  resourcesOf(stacks, 'Custom::CDKBucketDeployment').map(({ properties, stack }) => {
    // The service token names the helper that uploads, which does not exist here.
    const { ServiceToken: _helper, ...given } = properties;
    const upload = Properties.parse(resolver.value(given, stack));
    return {
      prefix: upload.DestinationBucketKeyPrefix,
      folder: join(assets, `asset.${upload.SourceObjectKeys[0]?.replace('.zip', '') ?? ''}`),
      cacheControl: upload.SystemMetadata['cache-control'],
      markers: upload.SourceMarkers[0] ?? {},
    };
  });

const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

const fillIn = async (file: string, markers: Upload['markers']): Promise<void> => {
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    Object.entries(markers).reduce((all, [from, to]) => all.replaceAll(from, to), text),
  );
};

/**
 * Uploads what the templates upload, in their order, so that later files replace earlier ones.
 * @param assets folder of what CDK uploads
 * @param folder empty or absent; takes the place of the bucket
 */
export const uploadSite = async (
  stacks: readonly Stack[],
  resolver: Resolver,
  assets: string,
  folder: string,
): Promise<DeployedSite> => {
  const cacheControl = new Map<string, string>();
  for (const upload of uploadsOf(stacks, resolver, assets)) {
    const target = join(folder, upload.prefix);
    await mkdir(target, { recursive: true });
    await cp(upload.folder, target, { recursive: true });
    for (const file of await filesBelow(upload.folder)) {
      if (Object.keys(upload.markers).length > 0) await fillIn(join(target, file), upload.markers);
      cacheControl.set(`/${upload.prefix}/${file}`, upload.cacheControl);
    }
  }
  return { folder, cacheControl };
};
