import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { buildLibrary } from '../../bin/build-library.ts';
import { buildUploads } from '../../bin/build-uploads.ts';
import { ACTION_FILE_NAME } from '../../contract/api/portal/sign-in.ts';
import { lambdaNames } from '../../lib/bundle-lambdas.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/local-aws.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const link = async (name: string, into: string): Promise<void> => {
  await mkdir(dirname(join(into, 'node_modules', name)), { recursive: true });
  await symlink(join(ROOT, 'node_modules', name), join(into, 'node_modules', name));
};

let packed: readonly string[];
/** Of a team's app, into which the archive was installed. */
let app: string;
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  await Promise.all([buildUploads(), buildLibrary()]);
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, maxBuffer: 1e8 });
  const [archive] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  packed = archive.files.map(({ path }) => path);
  ({ folder: app, remove } = await temporaryFolder());
  folder = join(app, 'node_modules/verified-face-factor');
  for (const path of packed) await cp(join(ROOT, path), join(folder, path));
  // Packages installed with the archive: none that only development needs.
  for (const name of Object.keys(packageJson.dependencies)) await link(name, folder);
  await cp(join(folder, 'examples/cdk-app'), app, { recursive: true });
  for (const name of [...Object.keys(packageJson.peerDependencies), 'tsx', '@types']) await link(name, app);
}, 120_000);
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
  expect(packed.filter((path) => /^(test|data|\.github|docs\/images)\/|\.test\.tsx?$/.test(path))).toEqual([]);
  // What is built is in it for a team's own CDK app, and nothing else of it.
  const built = packed.filter((path) => path.startsWith('dist/'));
  expect(built.filter((path) => !/^dist\/(lambda\/\w+|library|web\/(capture|portal))\//.test(path))).toEqual([]);
  for (const name of lambdaNames()) expect(built).toContain(`dist/lambda/${name}/index.mjs`);
  expect(built).toEqual(
    expect.arrayContaining([
      'dist/web/capture/index.html',
      'dist/web/capture/models/face/model.json',
      'dist/web/portal/index.html',
      `dist/web/portal/${ACTION_FILE_NAME}`,
    ]),
  );
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

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

test('a team’s own CDK app synthesizes it from node_modules: examples/cdk-app, with its types', async () => {
  const out = join(app, 'cdk.out');
  await Promise.all([
    // Without `skipLibCheck`: a declaration that the archive lacks would otherwise pass as `any`.
    run(process.execPath, [join(ROOT, 'node_modules/typescript-7/bin/tsc'), '-p', app], { cwd: app }),
    run(process.execPath, ['--import', 'tsx', 'app.ts'], { cwd: app, env: { ...process.env, CDK_OUTDIR: out } }),
  ]);
  const files = (await readdir(out)).filter((name) => name.endsWith('.template.json'));
  const resources = (
    await Promise.all(
      files.map(async (name) => {
        const { Resources } = Template.parse(JSON.parse(await readFile(join(out, name), 'utf8')));
        return Object.values(Resources).map((resource) => ({ name, ...resource }));
      }),
    )
  ).flat();
  const of = (type: string) => resources.filter(({ name, Type }) => name.startsWith('Login') && Type === type);
  expect(of('AWS::IAM::Role').length).toBeGreaterThan(10);
  for (const { Properties } of of('AWS::IAM::Role'))
    expect(JSON.stringify(Properties['PermissionsBoundary'])).toContain('policy/developer-boundary');
  for (const { Properties } of of('AWS::S3::Bucket'))
    expect(Properties['Tags']).toEqual(expect.arrayContaining([{ Key: 'cost-center', Value: '4711' }]));
  expect(of('AWS::SNS::Topic')).toEqual([]);
  expect(of('AWS::CloudWatch::Alarm').length).toBeGreaterThan(10);
  expect(of('AWS::Route53::RecordSet').map(({ Properties }) => Properties['Type'])).toEqual(['A', 'AAAA']);
  expect(of('AWS::CertificateManager::Certificate')).toHaveLength(1);
  // What the stacks upload comes from the archive: each function's bundle is staged with its notices.
  const bundles = (await readdir(out, { recursive: true })).filter((path) => /^asset\.\w+\/index\.mjs$/.test(path));
  expect(bundles.length).toBeGreaterThanOrEqual(lambdaNames().length);
}, 120_000);

test('an app in CommonJS can require it', async () => {
  const { stdout } = await run(
    process.execPath,
    ['--eval', "console.log(typeof require('verified-face-factor/cdk').Verified)"],
    {
      cwd: app,
    },
  );
  expect(stdout.trim()).toBe('function');
});
