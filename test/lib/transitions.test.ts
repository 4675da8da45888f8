import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildUploads } from '../../bin/build-uploads.ts';
import { createApp } from '../../lib/create-app.ts';
import { readSettings, SETTING_NAMES } from '../../lib/settings.ts';
import { Verified } from '../../lib/verified.ts';
import { LAST_RELEASE } from '../releases/release-record.ts';
import { accountWideNames } from './account-wide-names.ts';
import { type Deployment, deploymentOf, parseRecord, recordPath } from './deployment.ts';
import { SETTINGS_SETS } from './settings-sets.ts';
import { upgradeFaults } from './upgrade-faults.ts';

const folders: string[] = [];
const made = new Map<string, { readonly deployment: Deployment; readonly names: readonly string[] }>();
let release: ReadonlyMap<string, Deployment>;

const make = (given: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'verified-transitions-'));
  folders.push(folder);
  const app = createApp(folder);
  new Verified(
    app,
    'Verified',
    readSettings((name) => given[name]),
  );
  return { deployment: deploymentOf(app), names: accountWideNames(app) };
};

beforeAll(async () => {
  await buildUploads();
  for (const [name, given] of Object.entries(SETTINGS_SETS)) made.set(name, make(given));
  release = parseRecord(await readFile(recordPath(LAST_RELEASE), 'utf8'));
}, 120_000);
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A pool of operators leaves its stack if the settings name another issuer. It is retained. */
const isPoolThatLeaves = (fault: string, after: Deployment): boolean =>
  /-web removes SignIn/.test(fault) &&
  !after.some(({ kept }) => [...kept.values()].some(({ type }) => type === 'AWS::Cognito::UserPool'));

/** What changes on purpose between the last release and this one, in either direction, and why nothing is lost. */
const ACCEPTED: readonly { readonly fault: RegExp; readonly reason: string }[] = [
  {
    fault: /-web removes FrontDoorGeneration3Secret/,
    reason: 'Going back: release 0.1 creates it with the second generation. Nothing sends or accepts it before.',
  },
  {
    fault: /-service replaces ApiLogs/,
    reason:
      'The access log moved to a group under /aws/vendedlogs/; the old group is retained, and empties with its age.',
  },
];

const faultsOf = (before: Deployment, after: Deployment): readonly string[] =>
  upgradeFaults(before, after).filter((fault) => !isPoolThatLeaves(fault, after));

test('between any two settings of a stage, CloudFormation refuses nothing and nothing that holds data is lost', () => {
  for (const [before, { deployment: from }] of made) {
    for (const [after, { deployment: to }] of made) expect(faultsOf(from, to), `${before} → ${after}`).toEqual([]);
  }
});

/** `after` deployed over `before` up to each of its stacks, where the deployment stopped. */
const stoppedMidway = (before: Deployment, after: Deployment): readonly Deployment[] =>
  after.map((_, count) => {
    const live = new Map(before.map((stack) => [stack.name, stack]));
    for (const stack of after.slice(0, count + 1)) live.set(stack.name, stack);
    return [...live.values()];
  });

test('a deployment of other settings that stopped midway can be finished, and taken back', () => {
  for (const [before, { deployment: from }] of made) {
    for (const [after, { deployment: to }] of made) {
      for (const stopped of stoppedMidway(from, to)) {
        expect([...faultsOf(stopped, to), ...faultsOf(stopped, from)], `${before} → ${after}`).toEqual([]);
      }
    }
  }
});

test('a stage of the last release is upgraded, whatever its settings become, and goes back with the same ones', () => {
  expect(release.size).toBeGreaterThanOrEqual(4);
  const found: string[] = [];
  for (const [before, from] of release) {
    for (const [after, { deployment: to }] of made) {
      const faults = [...faultsOf(from, to), ...(before === after ? faultsOf(to, from) : [])];
      const others = faults.filter((fault) => !ACCEPTED.some((accepted) => accepted.fault.test(fault)));
      expect(others, `${LAST_RELEASE} ${before} ↔ ${after}`).toEqual([]);
      found.push(...faults);
    }
  }
  expect(ACCEPTED.filter(({ fault }) => !found.some((each) => fault.test(each)))).toEqual([]);
});

test('the settings that are compared vary every setting but those that are chosen once', () => {
  const values = (name: string) =>
    new Set(Object.values(SETTINGS_SETS).map((set) => (set as Readonly<Record<string, string>>)[name] ?? 'default'));
  const constant = SETTING_NAMES.filter((name) => values(name).size < 2);
  // What names the stage, and the kind of its keys (multi-region-keys.test.ts).
  const keys = ['multiRegionKeys', 'primaryIntegrationKeyArn', 'primaryFaceKeyArn'];
  expect([...constant].sort()).toEqual(['stage', 'region', 'account', ...keys].sort());
});

test('a standby stage consists of the same stacks, which use replicas of the keys of the stage that it stands by for', () => {
  const arn = (digit: string) => `arn:aws:kms:eu-west-1:111122223333:key/mrk-${digit.repeat(32)}`;
  const region = 'eu-central-1';
  const keys = { primaryIntegrationKeyArn: arn('a'), primaryFaceKeyArn: arn('b') };
  const { deployment } = make({ stage: 'dev', region, livenessRegion: 'eu-west-1', ...keys });
  const minimal = made.get('minimal')?.deployment ?? [];
  expect(deployment.map(({ name }) => name)).toEqual(minimal.map(({ name }) => name));
  const imported = (of: Deployment) => of.flatMap(({ imports }) => [...imports]).filter((name) => /Key/.test(name));
  expect(imported(deployment)).toEqual(imported(minimal));
  expect(imported(deployment).length).toBeGreaterThanOrEqual(2);
});

test('the same stage in two regions has no name and no stack twice that an account has once', () => {
  const { names } = make({ ...SETTINGS_SETS.everything, region: 'us-east-1' });
  const here = made.get('everything')?.names ?? [];
  expect(here.length).toBeGreaterThan(5);
  expect(names.length).toBe(here.length);
  expect(names.filter((name) => here.includes(name))).toEqual([]);
});
