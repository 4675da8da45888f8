import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHECKS } from '../../../bin/doctor/checks/all-checks.ts';
import { type Model, memberOf } from '../../../local/control-plane/model.ts';
import type { DeployedTemplate } from '../../../local/control-plane/model-of-stacks.ts';
import {
  addOperator,
  bad,
  healthy,
  look,
  REGION,
  resource,
  startOperators,
  startWorld,
  synthesized,
  WHOLE,
  type World,
} from './doctor-world.ts';

const ARGS = ['--stage', 'prod', '--region', REGION, '--json'];
const TABLE = 'AWS::DynamoDB::Table';
const KEY = 'AWS::KMS::Key';
const BUCKET = 'AWS::S3::Bucket';

let templates: readonly DeployedTemplate[];
let world: World;
let model: Model;
beforeAll(async () => {
  templates = await synthesized(WHOLE);
  world = await startWorld(healthy(templates));
});
afterAll(() => world.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value);
  model = healthy(templates);
  world.show(model);
});

test('a stage that is as it was deployed has no red line, and exit code 0', async () => {
  const run = await look(ARGS);
  expect(bad(run)).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.findings.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
});

/** Members of the distribution's configuration, to be changed. */
const edge = (): Record<string, unknown> =>
  resource(model, 'AWS::CloudFront::Distribution').properties['DistributionConfig'] as Record<string, unknown>;
const calls = (): Record<string, unknown>[] => edge()['CacheBehaviors'] as Record<string, unknown>[];
const stack = (part: string) => {
  const found = model.stacks.find(({ name }) => name.endsWith(`-${part}`));
  if (found === undefined) throw new Error(`there is no stack ${part}`);
  return found;
};

/** By check: one fault, planted in the account. */
const FAULTS: Readonly<Record<string, () => void>> = {
  stacks: () => {
    stack('service').status = 'UPDATE_ROLLBACK_COMPLETE';
  },
  'termination-protection': () => {
    stack('data').isProtected = false;
  },
  outputs: () => {
    delete stack('web').outputs['Portal'];
  },
  'liveness-quota': () => {
    model.rekognitionQuotas = [{ name: 'Maximum number of concurrent Face Liveness sessions', value: 5 }];
  },
  'unreserved-concurrency': () => {
    model.concurrencyLimit = 200;
  },
  'reserved-concurrency': () => {
    resource(model, 'AWS::Lambda::Function', 'verifyFunction').properties['ReservedConcurrentExecutions'] = 0;
  },
  distribution: () => {
    edge()['Enabled'] = false;
  },
  'calls-uncached': () => {
    Object.assign(calls()[0] ?? {}, { CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' });
  },
  'errors-uncached': () => {
    edge()['CustomErrorResponses'] = (edge()['CustomErrorResponses'] as { ErrorCode: number }[]).filter(
      ({ ErrorCode }) => ErrorCode !== 503,
    );
  },
  'response-headers': () => {
    const policy = resource(model, 'AWS::CloudFront::ResponseHeadersPolicy', 'Pagesportal').properties;
    const sent = memberOf(policy, 'ResponseHeadersPolicyConfig', 'SecurityHeadersConfig') as Record<string, unknown>;
    delete sent['FrameOptions'];
  },
  domain: () => {
    edge()['Aliases'] = ['www.example.com'];
  },
  'price-class': () => {
    edge()['PriceClass'] = 'PriceClass_None';
  },
  'web-acl': () => {
    edge()['WebACLId'] = '';
  },
  'tables-recovery': () => {
    resource(model, TABLE, 'TablesUser').properties['PointInTimeRecoverySpecification'] = {
      PointInTimeRecoveryEnabled: false,
    };
  },
  'tables-expiry': () => {
    resource(model, TABLE, 'TablesSession').properties['TimeToLiveSpecification'] = {
      AttributeName: 'removeAt',
      Enabled: false,
    };
  },
  'tables-protection': () => {
    resource(model, TABLE, 'TablesAudit').properties['DeletionProtectionEnabled'] = false;
  },
  'tables-encryption': () => {
    delete resource(model, TABLE, 'TablesAudit').properties['SSESpecification'];
  },
  'keys-usable': () => {
    resource(model, KEY, 'FaceKey').state['keyState'] = 'PendingDeletion';
  },
  'key-rotation': () => {
    resource(model, KEY, 'FaceKey').properties['EnableKeyRotation'] = false;
  },
  'buckets-private': () => {
    Object.assign(resource(model, BUCKET, 'AccessLogs').properties['PublicAccessBlockConfiguration'] ?? {}, {
      BlockPublicPolicy: false,
    });
  },
  'faces-encryption': () => {
    const { properties } = resource(model, BUCKET, 'Faces');
    properties['BucketEncryption'] = {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    };
  },
  'faces-removal': () => {
    resource(model, BUCKET, 'Faces').properties['VersioningConfiguration'] = { Status: 'Enabled' };
  },
  'mail-sender': () => {
    model.mail.identities = { 'example.com': false };
  },
  'mail-sandbox': () => {
    model.mail.isInProduction = false;
  },
  'alarm-recipients': () => {
    resource(model, 'AWS::SNS::Subscription').state['isPending'] = true;
  },
  'alarms-wired': () => {
    resource(model, 'AWS::CloudWatch::Alarm', 'ServerErrors').properties['ActionsEnabled'] = false;
  },
  'alarms-quiet': () => {
    resource(model, 'AWS::CloudWatch::Alarm', 'LockoutSpike').state['alarm'] = 'ALARM';
  },
  'due-jobs': () => {
    model.drainedThrough['event#cursor'] = '2026-11-25';
  },
  'log-retention': () => {
    delete resource(model, 'AWS::Logs::LogGroup', 'verifyLogs').properties['RetentionInDays'];
  },
};

describe('one fault makes one line red, with what to do, and exit code 1', () => {
  test.each(Object.entries(FAULTS))('%s', async (name, plant) => {
    plant();
    const run = await look(ARGS);
    expect(bad(run)).toEqual([`fault ${name}`]);
    expect(run.exitCode).toBe(1);
    const red = run.findings.find((finding) => finding.name === name);
    expect(red?.why?.length).toBeGreaterThan(15);
    expect(red?.fix?.length).toBeGreaterThan(15);
  });

  const operators = { hasStyle: true, isMfaRequired: true, isSignUpOpen: false };
  test.each([
    ['login-pages', { managedLoginVersion: 1 as const }],
    ['login-pages', { settings: { ...operators, hasStyle: false } }],
    ['operator-mfa', { settings: { ...operators, isMfaRequired: false } }],
    ['sign-up', { settings: { ...operators, isSignUpOpen: true } }],
  ])('%s, by a pool with %j', async (name, options) => {
    const { credentials } = world;
    const pool = await startOperators(model, { credentials, ...options });
    try {
      await addOperator(pool, model);
      vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', pool.url);
      const run = await look(ARGS);
      expect([bad(run), run.exitCode]).toEqual([[`fault ${name}`], 1]);
    } finally {
      await pool.close();
    }
  });

  test.each([
    ['nobody', null],
    ['an operator whose address is not verified', false],
  ])('operators, by a pool with %s', async (_who, isVerified) => {
    const pool = await startOperators(model, { credentials: world.credentials });
    try {
      if (isVerified !== null) await addOperator(pool, model, isVerified);
      vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', pool.url);
      const run = await look(ARGS);
      expect([bad(run), run.exitCode]).toEqual([['fault operators'], 1]);
    } finally {
      await pool.close();
    }
  });
});
