import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/local-aws.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = '.dependency-cruiser.cjs';
const FOLDERS = ['contract', 'action', 'lambdas', 'web', 'local', 'test'];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}
interface Report {
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number };
}

/** Runs dependency-cruiser as `npm run check` does. */
const cruise = async (cwd: string, folders: readonly string[]): Promise<Report['summary']> => {
  const binary = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [binary, '--config', CONFIG, '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 1e9 }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return (JSON.parse(stdout) as Report).summary;
};

/** One forbidden import for each rule, several if a rule forbids several things: file, then its import. */
const PLANTED: readonly (readonly [file: string, imports: string, rule: RegExp])[] = [
  ['contract/protocol/planted-zod.ts', 'zod', /^contract\/protocol imports only/],
  ['contract/protocol/planted-fs.ts', 'node:fs', /^contract\/protocol imports only/],
  ['contract/protocol/planted-api.ts', '../api/routes.ts', /^contract\/protocol imports only/],
  ['contract/api/planted-crypto.ts', 'node:crypto', /^contract\/api imports only/],
  ['contract/api/planted-core.ts', '../../lambdas/core/model/problem.ts', /^contract\/api imports only/],
  ['action/src/planted-jose.ts', 'jose', /^action\/src imports only/],
  ['action/src/planted-api.ts', '../../contract/api/routes.ts', /^action\/src imports only/],
  ['lambdas/core/planted-sdk.ts', '@aws-sdk/client-kms', /^lambdas\/core imports only/],
  ['lambdas/core/planted-fs.ts', 'node:fs', /^lambdas\/core imports only/],
  ['lambdas/core/planted-http.ts', '../http/json-body.ts', /^lambdas\/core imports only/],
  ['lambdas/text/planted-core.ts', '../core/problem.ts', /^lambdas\/text imports only/],
  ['lambdas/http/planted-sdk.ts', '@aws-sdk/client-kms', /^lambdas\/http imports only/],
  ['lambdas/http/planted-jose.ts', 'jose', /^lambdas\/http imports only/],
  ['lambdas/adapters/kms/planted-http.ts', '../../http/json-body.ts', /^an adapter knows/],
  ['lambdas/adapters/kms/planted-other.ts', '../s3/sealed-reference-store.ts', /^an adapter knows/],
  ['lambdas/adapters/kms/planted-environment.ts', '../../composition/environment.ts', /^an adapter knows/],
  ['lambdas/functions/verify/planted-adapter.ts', '../../adapters/kms/key-vault.ts', /^only compositions pick/],
  ['lambdas/functions/verify/planted-environment.ts', '../../composition/environment.ts', /^only compositions pick/],
  ['web/capture/planted-lambda.ts', '../../lambdas/core/model/problem.ts', /^the pages import the contract only/],
  ['web/portal/shell/planted-routes.ts', '../../../contract/api/routes.ts', /^pages import the routes/],
  ['web/portal/shell/planted-tools.ts', '../../../contract/tools/open-api.ts', /^pages import the routes/],
  ['web/capture/planted-users.ts', '../../contract/api/routes/portal-users.ts', /^the capture page calls its own/],
  ['web/portal/shell/planted-dialog.tsx', '@cloudscape-design/components/modal', /^every dialog of the portal/],
  ['lambdas/functions/verify/planted-local.ts', '../../../local/aws-wire/listen.ts', /^production does not know/],
  ['contract/api/planted-local.ts', '../../local/aws-wire/listen.ts', /^production does not know/],
  ['lambdas/core/planted-test.ts', '../../test/planted.ts', /^production does not know/],
  ['local/rekognition/planted-contract.ts', '../../contract/api/routes.ts', /^the local Rekognition stands alone/],
  ['local/rekognition/planted-s3.ts', '../s3/start-s3.ts', /^the local Rekognition stands alone/],
  [
    'local/aws-wire/planted-rekognition.ts',
    '../rekognition/start-rekognition.ts',
    /^the wire protocols import nothing/,
  ],
  ['local/planted-test.ts', '../test/planted.ts', /^the local platform imports no tests/],
  ['lambdas/core/planted-dev.ts', 'undici', /^production runs without development packages/],
  ['web/capture/planted-phantom.ts', '@aws-amplify/ui', /^imported packages are listed in package\.json/],
  ['local/planted-phantom.ts', '@smithy/core', /^imported packages are listed in package\.json/],
  ['local/planted-missing.ts', './there-is-no-such-file.ts', /^everything resolves/],
  ['local/planted-cycle-back.ts', './planted-cycle.ts', /^no cycles/],
];

let folder: string;
let remove: () => Promise<void>;
let planted: Report['summary'];
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  for (const name of [
    'contract',
    'action',
    'lambdas',
    'lib',
    'web',
    'local',
    'docs/snippets',
    'cdk.json',
    'tsconfig.json',
    'package.json',
    CONFIG,
  ]) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'test'));
  await writeFile(join(folder, 'test/planted.ts'), 'export const planted = 1;\n');
  await writeFile(join(folder, 'local/planted-cycle.ts'), "export * from './planted-cycle-back.ts';\n");
  for (const [file, imports] of PLANTED) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `import * as planted from '${imports}';\nexport const used = planted;\n`);
  }
  planted = await cruise(folder, FOLDERS);
});
afterAll(() => remove());

test('the repository keeps its import rules, and they were really looked at', async () => {
  const { violations, totalCruised } = await cruise(ROOT, FOLDERS);
  expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  // With a TypeScript version that it does not know, dependency-cruiser reads no files and finds no violation.
  expect(totalCruised).toBeGreaterThan(100);
});

test.each(PLANTED)('a bad import is found: %s imports %s', (file, _, rule) => {
  const own = planted.violations.filter(({ from }) => from === file).map((violation) => violation.rule.name);
  expect(own.filter((name) => rule.test(name))).not.toEqual([]);
});

test('every rule fails for its planted file, and no other file fails', () => {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, CONFIG)) as { forbidden: { name: string }[] };
  const violated = new Set(planted.violations.map(({ rule }) => rule.name));
  expect([...violated].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  const files = new Set(['local/planted-cycle.ts', ...PLANTED.map(([file]) => file)]);
  expect(planted.violations.filter(({ from }) => !files.has(from)).map(({ from, to }) => `${from} -> ${to}`)).toEqual(
    [],
  );
});
