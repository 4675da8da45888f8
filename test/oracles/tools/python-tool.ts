import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToSuccess } from './run-program.ts';
import { TOOLS_FOLDER } from './tools-folder.ts';

const REQUIREMENTS = fileURLToPath(new URL('../requirements/', import.meta.url));

const installed = new Map<string, Promise<string>>();

/**
 * Installs the packages of `requirements/NAME.txt` into an environment of their own, unless they are there. Versions and hashes are pinned.
 *
 * @returns the folder of its programs
 */
export const pythonTool = (name: string): Promise<string> => {
  const programs = installed.get(name) ?? install(name);
  installed.set(name, programs);
  return programs;
};

const install = async (name: string): Promise<string> => {
  const requirements = join(REQUIREMENTS, `${name}.txt`);
  const folder = join(TOOLS_FOLDER, name);
  const programs = join(folder, 'bin');
  const wanted = createHash('sha256')
    .update(await runToSuccess('python3', ['--version']))
    .update(await readFile(requirements))
    .digest('hex');
  const stamp = join(folder, 'installed');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return programs;
  console.log(`  installing ${name} into ${folder}`);
  await mkdir(TOOLS_FOLDER, { recursive: true });
  await runToSuccess('python3', ['-m', 'venv', '--clear', folder]);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirements,
  ];
  await runToSuccess(join(programs, 'python'), pip);
  await writeFile(stamp, wanted);
  return programs;
};
