import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { runToSuccess } from './run-program.ts';
import { TOOLS_FOLDER } from './tools-folder.ts';

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As npm tells it: `sha512-…`. */
  readonly integrity: string;
}

const Packed = z.tuple([z.object({ filename: z.string(), integrity: z.string() })]);

/** Where `require` of programs that oracles start finds these packages; their dependencies are found among the project's. */
export const NPM_TOOLS = join(TOOLS_FOLDER, 'npm/node_modules');

/**
 * Unpacks an npm package, without its dependencies, unless it is there.
 *
 * @returns its folder
 * @throws Error if the registry's archive is not the pinned one
 */
export const npmTool = async ({ name, version, integrity }: NpmPackage): Promise<string> => {
  const folder = join(NPM_TOOLS, name);
  const stamp = join(folder, 'installed');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === integrity) return folder;
  console.log(`  installing ${name} into ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const pack = ['pack', `${name}@${version}`, '--json', '--pack-destination', folder];
  const [archive] = Packed.parse(JSON.parse(await runToSuccess('npm', pack)));
  if (archive.integrity !== integrity) throw new Error(`${name}@${version} is ${archive.integrity}, not ${integrity}`);
  await runToSuccess('tar', [
    '-xzf',
    join(folder, basename(archive.filename)),
    '-C',
    folder,
    '--strip-components',
    '1',
  ]);
  await writeFile(stamp, integrity);
  return folder;
};
