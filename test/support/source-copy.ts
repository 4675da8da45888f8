import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the product is started from. */
const SOURCES = ['action', 'contract', 'docs/snippets', 'lambdas', 'lib', 'local', 'web'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** A copy of the product's sources that a test may change, with the repository's packages. */
export const copySources = async (folder: string) => {
  for (const name of [...SOURCES, ...FILES]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  /**
   * Saves a file with one text in place of another.
   * @returns restores the file
   * @throws Error if the text is not in the file
   */
  const save = async (name: string, before: string, after: string): Promise<() => Promise<void>> => {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    if (!text.includes(before)) throw new Error(`${name} holds no ${before}`);
    await writeFile(file, text.replace(before, after));
    return () => writeFile(file, text);
  };
  return { save };
};
