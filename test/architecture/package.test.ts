import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/local-aws.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

let packed: readonly string[];
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, maxBuffer: 1e8 });
  const [archive] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  packed = archive.files.map(({ path }) => path);
  ({ folder, remove } = await temporaryFolder());
  for (const path of packed) await cp(join(ROOT, path), join(folder, path));
  // Packages installed with the archive: none that only development needs.
  for (const name of Object.keys(packageJson.dependencies)) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => remove());

test('the archive contains what runs, builds and deploys, and no test, picture or output', async () => {
  const folders = ['action', 'bin', 'contract', 'lambdas', 'lib', 'local', 'web'].map(async (name) =>
    (await readdir(join(ROOT, name), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  const own = ['cdk.json', 'tsconfig.json', 'package.json', 'README.md', 'LICENSE'];
  const wanted = [...own, ...(await Promise.all(folders)).flat()];
  expect(wanted.length).toBeGreaterThan(400);
  expect(wanted.filter((path) => !packed.includes(path))).toEqual([]);
  // Files of stages belong to whoever deploys them.
  expect(packed.filter((path) => path.startsWith('stages/'))).toEqual([
    'stages/README.md',
    'stages/settings.schema.json',
  ]);
  expect(packed.filter((path) => /^(test|dist|data|\.github|docs\/images)\/|\.test\.tsx?$/.test(path))).toEqual([]);
});

test('everything that an entry imports is in the archive', async () => {
  const { metafile } = await build({
    entryPoints: [
      'local/main.ts',
      'bin/app.ts',
      'bin/describe.ts',
      'bin/doctor/main.ts',
      'bin/operator/main.ts',
      'bin/restore/main.ts',
    ].map((path) => join(folder, path)),
    absWorkingDir: folder,
    bundle: true,
    write: false,
    outdir: 'out',
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  expect(Object.keys(metafile.inputs).length).toBeGreaterThan(200);
});

test('`verified` runs from it, with only what ships', async () => {
  const { stdout } = await run(process.execPath, ['bin/verified.mjs', '--help'], { cwd: folder });
  expect(stdout).toMatch(/install[\s\S]*upgrade[\s\S]*uninstall/);
  const built = `import { register } from 'tsx/esm/api'; register();
    const { buildAction } = await import('./action/tools/build.ts');
    console.log((await buildAction()).file);`;
  const { stdout: file } = await run(process.execPath, ['--input-type=module', '--eval', built], { cwd: folder });
  expect(await readFile(file.trim(), 'utf8')).toContain('onExecutePostLogin');
});

test('`verified doctor` says that it needs more than what ships', async () => {
  const failed = run(process.execPath, ['bin/verified.mjs', 'doctor'], { cwd: folder });
  const stderr = expect.stringMatching(/^verified doctor needs the development packages, [^\n]*: run npm ci [^\n]*\n$/);
  await expect(failed).rejects.toMatchObject({ code: 2, stdout: '', stderr });
});
