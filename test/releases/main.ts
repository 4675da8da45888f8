import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildUploads } from '../../bin/build-uploads.ts';
import { bundleLambdas, lambdaNames } from '../../lib/bundle-lambdas.ts';
import { createApp } from '../../lib/create-app.ts';
import { readSettings } from '../../lib/settings.ts';
import { Verified } from '../../lib/verified.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Deployment, deploymentOf, recordPath, recordText } from '../lib/deployment.ts';
import { variablesOf } from '../lib/function-environments.ts';
import { SETTINGS_SETS } from '../lib/settings-sets.ts';
import { isUnreleased, writeRelease } from './release-record.ts';

// Records what a stage of this release consists of, and its functions, for the tests of later ones: `npm run record-release`, once, with
// the release. As long as the changelog calls the version unreleased, the record is that of a candidate.
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { version } = packageJson;
const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

const MADE_OF = ['contract', 'lambdas', 'lib', 'package-lock.json'] as const;

/** The commit that the functions are of: the last one that changed them. @throws Error if they are not those of a commit */
const committed = (): string => {
  const changed = git('status', '--porcelain', '--', ...MADE_OF);
  if (changed !== '') throw new Error(`commit first what the release is made of:\n${changed}`);
  return git('log', '-1', '--format=%H', '--', ...MADE_OF);
};

const recordDeployments = async (): Promise<void> => {
  await buildUploads();
  const deployments = new Map<string, Deployment>();
  for (const [name, given] of Object.entries(SETTINGS_SETS)) {
    const folder = mkdtempSync(join(tmpdir(), 'verified-release-'));
    const app = createApp(folder);
    new Verified(
      app,
      'Verified',
      readSettings((setting) => (given as Readonly<Record<string, string>>)[setting]),
    );
    deployments.set(name, deploymentOf(app));
    await rm(folder, { recursive: true, force: true });
  }
  const path = recordPath(version);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, recordText(deployments));
};

const recordFunctions = async (): Promise<number> => {
  const changelog = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const sources = [...bundleLambdas()].map(async ([name, { file }]) => [name, await readFile(file, 'utf8')] as const);
  const functions = Object.fromEntries(lambdaNames().map((name) => [name, [...variablesOf(name)]]));
  const facts = { version, isCandidate: isUnreleased(changelog, version), commit: committed(), functions };
  return writeRelease(facts, new Map(await Promise.all(sources)));
};

const bytes = await recordFunctions();
await recordDeployments();
console.log(`${dirname(recordPath(version))}: functions ${Math.round(bytes / 1000)} kB`);
