import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../../lib/create-app.ts';
import { readSettings } from '../../lib/settings.ts';
import { signUpOf } from '../../lib/sign-up.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { upgradeFaults } from './upgrade-faults.ts';

const ACCOUNT = '111122223333';
const arnOf = (digit: string): string => `arn:aws:kms:eu-west-1:${ACCOUNT}:key/mrk-${digit.repeat(32)}`;
const PRIMARIES = { primaryIntegrationKeyArn: arnOf('a'), primaryFaceKeyArn: arnOf('b') };
const STANDBY = { region: 'eu-central-1', livenessRegion: 'eu-west-1', ...PRIMARIES };

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

type Given = Readonly<Record<string, unknown>>;
const read = (given: Given) => readSettings((name) => given[name]);

/** The data stack of a stage. */
const dataOf = (given: Given): { readonly template: Template; readonly deployment: Deployment } => {
  const folder = mkdtempSync(join(tmpdir(), 'verified-keys-'));
  folders.push(folder);
  const app = createApp(folder);
  const stack = new DataStack(app, 'verified-dev-data', { settings: read(given) });
  return { template: Template.fromStack(stack), deployment: deploymentOf(app) };
};

const single = dataOf({});
const primary = dataOf({ multiRegionKeys: true });
const standby = dataOf(STANDBY);

test('a stage has keys for its region alone, unless it is asked for others', () => {
  single.template.allResourcesProperties('AWS::KMS::Key', { MultiRegion: Match.absent(), EnableKeyRotation: true });
  primary.template.allResourcesProperties('AWS::KMS::Key', { MultiRegion: true, EnableKeyRotation: true });
});

test('a standby stage has replicas of the two keys, which outlive it, and encrypts everything with them', () => {
  standby.template.resourceCountIs('AWS::KMS::Key', 0);
  for (const [description, PrimaryKeyArn] of [
    [/keys of integrations/, PRIMARIES.primaryIntegrationKeyArn],
    [/reference faces/, PRIMARIES.primaryFaceKeyArn],
  ] as const) {
    standby.template.hasResource('AWS::KMS::ReplicaKey', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { PrimaryKeyArn, Description: Match.stringLikeRegexp(description.source) },
    });
  }
  const [integrations = '', faces = ''] = Object.keys(standby.template.findResources('AWS::KMS::ReplicaKey'));
  standby.template.allResourcesProperties('AWS::DynamoDB::Table', {
    SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [integrations, 'Arn'] }, SSEEnabled: true },
  });
  standby.template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: { KMSMasterKeyID: { 'Fn::GetAtt': [faces, 'Arn'] }, SSEAlgorithm: 'aws:kms' },
        },
      ],
    },
  });
});

test('in a standby stage nobody creates an account, unless its sign-up is open', () => {
  expect(signUpOf(read({}))).toBe('closed');
  expect(signUpOf(read(STANDBY))).toBe('never');
  expect(signUpOf(read({ ...STANDBY, portalSignUp: true }))).toBe('open');
});

test('no deployment changes what kind of key encrypted the data of a stage: CloudFormation refuses', () => {
  const stages = { single, primary, standby };
  for (const [before, { deployment: from }] of Object.entries(stages)) {
    for (const [after, { deployment: to }] of Object.entries(stages)) {
      const faults = upgradeFaults(from, to).filter((fault) => /replaces (IntegrationKey|FaceKey)/.test(fault));
      expect(faults, `${before} → ${after}`).toHaveLength(before === after ? 0 : 2);
    }
  }
});

test.each([
  ['one of the keys is missing', { ...STANDBY, primaryFaceKeyArn: undefined }, 'belong together'],
  ['it is the same key twice', { ...STANDBY, primaryFaceKeyArn: arnOf('a') }, 'the one stage in another region'],
  ['they are in its own region', { ...STANDBY, region: 'eu-west-1' }, 'the one stage in another region'],
  [
    'they are of two regions',
    { ...STANDBY, primaryFaceKeyArn: arnOf('b').replace('eu-west-1', 'eu-west-2') },
    'the one stage in another region',
  ],
  ['they are in another account', { ...STANDBY, account: '444455556666' }, 'in its own account only'],
  ['it is to have primary keys as well', { ...STANDBY, multiRegionKeys: true }, 'creates primary keys'],
  ['a key is of one region', { ...STANDBY, primaryFaceKeyArn: arnOf('b').replace('mrk-', '') }, 'multi-Region key'],
])('a standby stage is refused in words if %s', (_name, given, words) => {
  expect(() => read(given)).toThrow(words);
});
