import { allOf, type Model, memberOf } from '../../../local/control-plane/model.ts';
import { resource, WHOLE } from './doctor-world.ts';

const TABLE = 'AWS::DynamoDB::Table';
const KEY = 'AWS::KMS::Key';
const BUCKET = 'AWS::S3::Bucket';
const ALARM = 'AWS::CloudWatch::Alarm';
const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:999999999999:key/1';
const SUBSCRIPTION = 'AWS::SNS::Subscription';

/** The distribution's configuration, to be changed. */
const edge = (model: Model): Record<string, unknown> =>
  resource(model, 'AWS::CloudFront::Distribution').properties['DistributionConfig'] as Record<string, unknown>;
const behaviors = (model: Model) => edge(model)['CacheBehaviors'] as Record<string, unknown>[];
const stack = (model: Model, part: string) => {
  const found = model.stacks.find(({ name }) => name.endsWith(`-${part}`));
  if (found === undefined) throw new Error(`there is no stack ${part}`);
  return found;
};
/** As if the stage had been deployed with another value. */
const redeclare = (model: Model, part: string, from: string, to: string): void => {
  const { template } = stack(model, part);
  Object.assign(stack(model, part), { template: JSON.parse(JSON.stringify(template).replaceAll(from, to)) });
};
/** Removes resources of a type by hand, behind the back of their stack, which still lists them. */
export const lose = (model: Model, type: string, part: string): void => {
  for (const one of allOf(model, type).filter(({ logicalId }) => logicalId.includes(part))) one.state['isGone'] = true;
};
/** The default encryption of the bucket of the faces from now on. */
const encrypt = (model: Model, rule: object): void => {
  resource(model, BUCKET, 'Faces').properties['BucketEncryption'] = {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: rule }],
  };
};
const quota = (value: number) => [{ name: 'Maximum number of concurrent Face Liveness sessions', value }];

const certify = (model: Model, status: string, end: string): void => {
  model.certificates = { [WHOLE.certificateArn]: { status, endsAtMs: Date.parse(end) } };
};

/** By check: faults, each planted alone. */
export const FAULTS: readonly (readonly [check: string, how: string, plant: (model: Model) => void])[] = [
  [
    'stacks',
    'a deployment was rolled back',
    (m) => Object.assign(stack(m, 'service'), { status: 'UPDATE_ROLLBACK_COMPLETE' }),
  ],
  ['stacks', 'a deployment is running', (m) => Object.assign(stack(m, 'web'), { status: 'UPDATE_IN_PROGRESS' })],
  ['stacks', 'one was deleted', (m) => m.stacks.splice(m.stacks.indexOf(stack(m, 'operations')), 1)],
  ['termination-protection', 'it is off', (m) => Object.assign(stack(m, 'data'), { isProtected: false })],
  ['outputs', 'one is missing', (m) => delete stack(m, 'web').outputs['Portal']],
  [
    'face-liveness',
    'its region has none',
    (m) => redeclare(m, 'service', '"LIVENESS_REGION":"eu-west-1"', '"LIVENESS_REGION":"eu-north-1"'),
  ],
  ['liveness-quota', 'it is lower than assumed', (m) => Object.assign(m, { rekognitionQuotas: quota(5) })],
  ['unreserved-concurrency', 'the account has too little', (m) => Object.assign(m, { concurrencyLimit: 200 })],
  [
    'reserved-concurrency',
    'a function was stopped',
    (m) =>
      Object.assign(resource(m, 'AWS::Lambda::Function', 'verifyFunction').properties, {
        ReservedConcurrentExecutions: 0,
      }),
  ],
  [
    'reserved-concurrency',
    'a reservation was removed',
    (m) => delete resource(m, 'AWS::Lambda::Function', 'verifyFunction').properties['ReservedConcurrentExecutions'],
  ],
  ['distribution', 'it is disabled', (m) => Object.assign(edge(m), { Enabled: false })],
  [
    'calls-uncached',
    '/api is cached',
    (m) => Object.assign(behaviors(m)[0] ?? {}, { CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' }),
  ],
  ['calls-uncached', 'the old way to cache, without a policy', (m) => delete behaviors(m)[1]?.['CachePolicyId']],
  [
    'calls-uncached',
    'HTTP is allowed',
    (m) => Object.assign(behaviors(m)[0] ?? {}, { ViewerProtocolPolicy: 'allow-all' }),
  ],
  ['calls-uncached', '/s leads to the pages', (m) => behaviors(m).splice(1, 1)],
  ['errors-uncached', 'a status has the default', (m) => (edge(m)['CustomErrorResponses'] as unknown[]).pop()],
  [
    'errors-uncached',
    'a status is cached for a minute',
    (m) => Object.assign((edge(m)['CustomErrorResponses'] as object[])[0] ?? {}, { ErrorCachingMinTTL: 60 }),
  ],
  [
    'response-headers',
    'a page may be framed',
    (m) => {
      const { properties } = resource(m, 'AWS::CloudFront::ResponseHeadersPolicy', 'Pagesportal');
      const sent = memberOf(properties, 'ResponseHeadersPolicyConfig', 'SecurityHeadersConfig') as Record<
        string,
        unknown
      >;
      delete sent['FrameOptions'];
    },
  ],
  ['response-headers', 'a behavior has none', (m) => delete behaviors(m)[2]?.['ResponseHeadersPolicyId']],
  ['domain', 'the alias is another', (m) => Object.assign(edge(m), { Aliases: ['www.example.com'] })],
  ['domain', 'the certificate is gone', (m) => delete edge(m)['ViewerCertificate']],
  [
    'domain',
    'TLS 1.0 is allowed',
    (m) => Object.assign(edge(m)['ViewerCertificate'] as object, { MinimumProtocolVersion: 'TLSv1' }),
  ],
  ['certificate', 'it ends soon', (m) => certify(m, 'ISSUED', '2026-12-27T00:00:00Z')],
  ['certificate', 'it has ended', (m) => certify(m, 'EXPIRED', '2026-11-01T00:00:00Z')],
  ['certificate', 'it is gone', (m) => Object.assign(m, { certificates: {} })],
  ['price-class', 'an unknown one', (m) => Object.assign(edge(m), { PriceClass: 'PriceClass_None' })],
  ['web-acl', 'it was taken away', (m) => Object.assign(edge(m), { WebACLId: '' })],
  [
    'tables-recovery',
    'it is off',
    (m) =>
      Object.assign(resource(m, TABLE, 'TablesUser').properties, {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
  ],
  [
    'tables-expiry',
    'it is off',
    (m) =>
      Object.assign(resource(m, TABLE, 'TablesSession').properties, {
        TimeToLiveSpecification: { AttributeName: 'removeAt', Enabled: false },
      }),
  ],
  [
    'tables-expiry',
    'rows expire that should stay',
    (m) =>
      Object.assign(resource(m, TABLE, 'TablesAccountTable').properties, {
        TimeToLiveSpecification: { AttributeName: 'at', Enabled: true },
      }),
  ],
  [
    'tables-protection',
    'it is off',
    (m) => Object.assign(resource(m, TABLE, 'TablesAudit').properties, { DeletionProtectionEnabled: false }),
  ],
  [
    'tables-protection',
    'a table cannot use its key',
    (m) => Object.assign(resource(m, TABLE, 'TablesAudit').state, { status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' }),
  ],
  [
    'tables-encryption',
    "a key of AWS's own",
    (m) => delete resource(m, TABLE, 'TablesAudit').properties['SSESpecification'],
  ],
  [
    'tables-encryption',
    'the key of someone else',
    (m) =>
      Object.assign(resource(m, TABLE, 'TablesAudit').properties['SSESpecification'] as object, {
        KMSMasterKeyId: FOREIGN_KEY,
      }),
  ],
  [
    'keys-usable',
    'a key is about to be deleted',
    (m) => Object.assign(resource(m, KEY, 'FaceKey').state, { keyState: 'PendingDeletion' }),
  ],
  [
    'keys-usable',
    'a key is disabled',
    (m) => Object.assign(resource(m, KEY, 'IntegrationKey').state, { keyState: 'Disabled' }),
  ],
  [
    'key-rotation',
    'it is off',
    (m) => Object.assign(resource(m, KEY, 'FaceKey').properties, { EnableKeyRotation: false }),
  ],
  ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map(
    (bolt) =>
      [
        'buckets-private',
        `${bolt} is off`,
        (m: Model) =>
          Object.assign(resource(m, BUCKET, 'AccessLogs').properties['PublicAccessBlockConfiguration'] as object, {
            [bolt]: false,
          }),
      ] as const,
  ),
  [
    'buckets-private',
    'there is no block',
    (m) => delete resource(m, BUCKET, 'Faces').properties['PublicAccessBlockConfiguration'],
  ],
  ['faces-encryption', "S3's own key", (m) => encrypt(m, { SSEAlgorithm: 'AES256' })],
  [
    'faces-encryption',
    'the key of someone else',
    (m) => encrypt(m, { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: FOREIGN_KEY }),
  ],
  ['faces-encryption', "KMS with a key of AWS's own", (m) => encrypt(m, { SSEAlgorithm: 'aws:kms' })],
  [
    'faces-removal',
    'versions are kept',
    (m) => Object.assign(resource(m, BUCKET, 'Faces').properties, { VersioningConfiguration: { Status: 'Enabled' } }),
  ],
  [
    'faces-removal',
    'parts of uploads are kept',
    (m) => delete resource(m, BUCKET, 'Faces').properties['LifecycleConfiguration'],
  ],
  ['mail-sender', 'its verification failed', (m) => Object.assign(m.mail, { identities: { 'example.com': false } })],
  ['mail-sender', 'there is no identity', (m) => Object.assign(m.mail, { identities: {} })],
  ['mail-sandbox', 'the account is in it', (m) => Object.assign(m.mail, { isInProduction: false })],
  ['mail-sandbox', 'sending is paused', (m) => Object.assign(m.mail, { isSending: false })],
  ['alarm-recipients', 'nobody confirmed', (m) => Object.assign(resource(m, SUBSCRIPTION).state, { isPending: true })],
  ['alarm-recipients', 'someone unsubscribed', (m) => lose(m, SUBSCRIPTION, '')],
  [
    'alarms-wired',
    'one is mute',
    (m) => Object.assign(resource(m, ALARM, 'ServerErrors').properties, { ActionsEnabled: false }),
  ],
  ['alarms-wired', 'one notifies nobody', (m) => delete resource(m, ALARM, 'ServerErrors').properties['AlarmActions']],
  ['alarms-wired', 'one was deleted', (m) => lose(m, ALARM, 'ServerErrors')],
  ['alarms-quiet', 'one goes off', (m) => Object.assign(resource(m, ALARM, 'LockoutSpike').state, { alarm: 'ALARM' })],
  ['due-jobs', 'a queue is days behind', (m) => Object.assign(m.drainedThrough, { 'event#cursor': '2026-11-25' })],
  ['due-jobs', 'housekeeping never ran', (m) => Object.assign(m, { drainedThrough: {} })],
  [
    'log-retention',
    'a group keeps everything',
    (m) => delete resource(m, 'AWS::Logs::LogGroup', 'verifyLogs').properties['RetentionInDays'],
  ],
  ['log-retention', 'a group was deleted', (m) => lose(m, 'AWS::Logs::LogGroup', 'verifyLogs')],
];

/** Resources that someone deletes: their type, a part of their logical id, and the checks that cannot be without them. */
export const LOSSES: readonly (readonly [type: string, part: string, checks: readonly string[]])[] = [
  [TABLE, 'TablesUser', ['tables-recovery', 'tables-expiry', 'tables-protection', 'tables-encryption']],
  [BUCKET, 'Faces', ['buckets-private', 'faces-encryption', 'faces-removal']],
  [KEY, 'FaceKey', ['tables-encryption', 'keys-usable', 'key-rotation', 'faces-encryption']],
  ['AWS::Lambda::Function', 'verifyFunction', ['unreserved-concurrency', 'reserved-concurrency']],
  [
    'AWS::CloudFront::Distribution',
    '',
    ['distribution', 'calls-uncached', 'errors-uncached', 'response-headers', 'domain', 'price-class', 'web-acl'],
  ],
];

/** Checks whose faults are not in the model: those of the pool, of names that do not resolve, and of credentials. */
export const ELSEWHERE = ['credentials', 'rekognition', 'login-pages', 'operators', 'operator-mfa', 'sign-up'];
