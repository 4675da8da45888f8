import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['contract', 'action', 'lambdas', 'web', 'local', 'test'];

interface LockedPackage {
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
}
let sources: readonly Source[];
beforeAll(async () => {
  const files = await Promise.all(
    FOLDERS.map(async (folder) => {
      const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
    }),
  );
  const code = files.flat().filter((path) => /\.(ts|tsx|mjs|cjs)$/.test(path));
  sources = await Promise.all(code.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
  expect(sources.length).toBeGreaterThan(100);
});

/** Code without its comments: mentioning `process.env` in a comment is not a use. */
const codeOf = ({ text }: Source): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
const using = (folder: RegExp, use: RegExp): readonly string[] =>
  sources
    .filter((source) => folder.test(source.path) && use.test(codeOf(source)))
    .map(({ path }) => path)
    .sort();

test('one file of the service reads the environment', () => {
  expect(using(/^(lambdas|contract|action\/src|web\/capture)\//, /process\s*(\.|\[)/)).toEqual([
    'lambdas/composition/environment.ts',
  ]);
});

test('T80 audit events are written in one place, which also writes their outcome', () => {
  expect(using(/^(lambdas|local)\//, /\baudit\.append\(/)).toEqual(['lambdas/core/accounts/audit.ts']);
});

test('no DynamoDB condition compares two values of the request: DynamoDB refuses it, and code can decide it', () => {
  expect(
    using(/^lambdas\/adapters\//, /:\w+\s*(=|<>|<=?|>=?)\s*:\w|(size|begins_with|contains)\(\s*:|:\w+ (BETWEEN|IN)\b/),
  ).toEqual([]);
});

test('time comes from the clock port: only compositions, and one default, read the machine’s clock', () => {
  const machineTime = /Date\.now|new Date\(\s*\)|performance\.now|process\.hrtime/;
  expect(using(/^(lambdas|contract)\//, machineTime)).toEqual([
    'lambdas/adapters/kms/key-vault.ts',
    'lambdas/composition/face-check.ts',
    'lambdas/composition/housekeeping.ts',
    'lambdas/composition/portal.ts',
    'lambdas/functions/backend/index.ts',
    'lambdas/functions/session/index.ts',
    // The duration of a request, for the metrics; no rule reads it.
    'lambdas/http/behind-front-door.ts',
  ]);
});

test('T79 the platform never requests the control endpoint of its Rekognition', () => {
  expect(using(/^local\/(?!rekognition\/)/, /\bcontrol(Port)?\s*:|--control-port/)).toEqual([]);
});

test('T3 T18 nothing secret comes from Math.random', () => {
  expect(using(/^(lambdas|contract|action\/src)\//, /Math\.random/)).toEqual([
    'lambdas/adapters/dynamodb/table/transact.ts',
  ]);
});

test('T58 T72 no function writes a file: there is no disk to fill, and no face is left in a temporary file', () => {
  expect(using(/^(lambdas|contract)\//, /['"](node:)?fs(\/promises)?['"]|\btmpdir\b|['"`]\/tmp\b/)).toEqual([]);
});

test('no code is created from text at run time, and no check is silenced', () => {
  expect(
    using(/^(lambdas|contract|action\/src|web)\//, /\beval\(|new Function\(|innerHTML|dangerouslySetInnerHTML/),
  ).toEqual([]);
  expect(using(/^(lambdas|contract|action\/src)\//, /\bas any\b|: any\b|@ts-ignore|@ts-nocheck/)).toEqual([]);
});

test('package files that a bundler imports as text or URL are from packages in package.json', () => {
  const declared = new Set(Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }));
  // dependency-cruiser does not resolve specifiers with a question mark.
  const marked = sources.flatMap(({ path, text }) =>
    ts.preProcessFile(text).importedFiles.map(({ fileName }) => ({
      path,
      name: /^((?:@[^/]+\/)?[^./][^/]*)\/.*\?\w+$/.exec(fileName)?.[1],
    })),
  );
  expect(marked.filter(({ name }) => name !== undefined)).not.toEqual([]);
  expect(marked.filter(({ name }) => name !== undefined && !declared.has(name))).toEqual([]);
});

test('nothing has the form of an AWS access key, which secret scanners report', () => {
  // IAM user guide, "IAM identifiers": AKIA for keys of users, ASIA for temporary ones; 16 characters of base 32 follow.
  expect(sources.filter(({ text }) => /\b(AKIA|ASIA)[A-Z2-7]{16}\b/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('no test is skipped, focused or empty', () => {
  const self = /^test\/(?!architecture\/)/;
  expect(using(self, /\b(test|it|describe)\.(only|skip|todo|fails)\b/)).toEqual([]);
});

test('folders are named by their contents', () => {
  const names = new Set(sources.flatMap(({ path }) => path.split('/').map((part) => part.replace(/\.\w+$/, ''))));
  expect([...names].filter((name) => /^(utils?|helpers?|common|managers?|misc|shared)$/i.test(name))).toEqual([]);
  const files = sources.map(({ path }) => path.split('/').at(-1) ?? '');
  expect(files.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test('T78 the lock file names packages by hash, and no registry', async () => {
  const lock = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
  expect(lock).not.toMatch(/"resolved":|https?:\/\/(registry|npm)\b/);
  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> };
  // Binaries of other platforms, for development only, have no hash if the lock file was written on one platform.
  // A bundled package is inside the archive of the one that contains it, and so covered by that one's hash.
  const pinned = Object.entries(packages).filter(
    ([path, { dev, optional, inBundle }]) => path !== '' && !(dev && optional) && !inBundle,
  );
  expect(pinned.length).toBeGreaterThan(300);
  const unpinned = pinned.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

describe('T79 what is deployed', () => {
  test.each([
    ['session', 'session/endpoint.ts'],
    ['enroll', 'face-check-endpoint.ts'],
    ['verify', 'face-check-endpoint.ts'],
  ])(
    'the %s function contains contract, lambdas and packages, and nothing of the local platform',
    async (name, endpoint) => {
      const { metafile, outputFiles } = await build({
        entryPoints: [join(ROOT, `lambdas/functions/${name}/index.ts`)],
        absWorkingDir: ROOT,
        bundle: true,
        write: false,
        platform: 'node',
        target: 'node22',
        format: 'esm',
        metafile: true,
        external: ['@aws-sdk/*', '@smithy/*'],
        logLevel: 'error',
      });
      const inputs = Object.keys(metafile.inputs);
      expect(inputs).toContain(`lambdas/functions/${endpoint}`);
      expect(inputs.filter((path) => !/^(contract|lambdas|node_modules)\//.test(path))).toEqual([]);
      const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
      const allowed = /^(@aws-lambda-powertools\/|@aws\/lambda-invoke-store|@middy\/|jose$|uuid$|zod$|lodash)/;
      expect([...new Set(packages)].filter((each) => !allowed.test(each))).toEqual([]);
      expect(outputFiles[0]?.text).not.toMatch(/\.localhost|127\.0\.0\.1|AKIALOCAL|LOCALREKOGNITION|demo.?camera/i);
    },
  );
});
