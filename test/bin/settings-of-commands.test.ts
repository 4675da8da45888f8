import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { clockEnvironment } from '../clock/clock-environment.ts';
import { temporaryFolder } from '../support/local-aws.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let stages: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  stages = await temporaryFolder();
  await writeFile(join(stages.folder, 'prod.json'), '{ "waf": true }');
});
afterAll(() => stages.remove());

const run = (file: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly code: number; readonly problem: string }>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: stages.folder, ...clockEnvironment(), ...environment };
    execFile(
      process.execPath,
      ['--no-warnings', '--import', 'tsx', file, ...args],
      { cwd: ROOT, env },
      (error, _, problem) => {
        resolve({ code: Number(error?.code ?? 0), problem: problem.trim() });
      },
    );
  });

/** `npx cdk …`, which gives the app all context in its environment. */
const cdk = (given: Readonly<Record<string, string>>) => {
  const own = { ...cdkJson.context, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:bundling-stacks': ['**'] };
  return run('bin/app.ts', [], {
    CDK_OUTDIR: join(stages.folder, 'out'),
    CDK_CONTEXT_JSON: JSON.stringify({ ...own, ...given }),
  });
};
const describeStage = (given: Readonly<Record<string, string>>) =>
  run(
    'bin/describe.ts',
    Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  );
const restore = (
  { stage = '', stages: folder = '' }: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
) =>
  run(
    'bin/restore/main.ts',
    [
      ...['--table', 'USER_TABLE', '--from', 'restored', '--to', 'live', '--faces', 'faces'],
      ...['--stage', stage, '--stages', folder],
    ],
    environment,
  );

describe.each([
  ['cdk', cdk],
  ['npm run deploy:dry', describeStage],
  ['npm run restore', restore],
] as const)('%s', (_command, command) => {
  test.each([
    ['', /stage: is empty/],
    ['qa', /^Stage qa has no settings: there is no \S+qa\.json/],
  ])('refuses stage "%s" in words, and does nothing', async (stage, words) => {
    const { code, problem } = await command({ stage, stages: stages.folder });
    expect(problem).toMatch(words);
    expect(problem).not.toMatch(/\bat .*\.ts:\d+/);
    expect(code).toBe(1);
    expect(existsSync(join(stages.folder, 'out/manifest.json'))).toBe(false);
  });
});

describe.each([
  ['cdk', cdk],
  ['npm run deploy:dry', describeStage],
] as const)('%s', (_command, command) => {
  test('refuses a setting past the file, and a name that is none', async () => {
    const { code, problem } = await command({ stage: 'prod', stages: stages.folder, waf: 'off', alarmMail: 'a' });
    expect(problem.split('\n').slice(1)).toEqual([
      '  waf: is true in the file; write "waf": false there, or leave it out here',
      '  alarmMail: there is no such setting',
    ]);
    expect(code).toBe(1);
  });
});

test('npm run deploy:dry explains -c without a value', async () => {
  const { code, problem } = await run('bin/describe.ts', ['-c', 'stage']);
  expect([code, problem]).toEqual([1, '-c stage: write -c name=value, such as -c stage=prod']);
});

test('npm run restore says what to do without AWS credentials', async () => {
  const { code, problem } = await restore(
    { stage: 'prod', stages: stages.folder },
    { AWS_EC2_METADATA_DISABLED: 'true' },
  );
  expect(problem).toMatch(/^There are no AWS credentials: set AWS_PROFILE, or sign in/);
  expect(code).toBe(1);
});
