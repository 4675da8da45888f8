import { Annotations, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data-stack.ts';

/** How long the trail's files are kept. */
const TRAIL_DAYS = 365;

export interface TrailStackProps extends StackProps {
  readonly settings: Pick<Settings, 'stage'>;
  readonly data: DataStack;
}

/** Any field that CloudTrail's data events are selected by (CloudTrail API reference, AdvancedFieldSelector). */
const dataEvents = (
  name: string,
  type: string,
  arn: Pick<CfnTrail.AdvancedFieldSelectorProperty, 'equalTo' | 'startsWith'>,
) => ({
  name,
  fieldSelectors: [
    { field: 'eventCategory', equalTo: ['Data'] },
    { field: 'resources.type', equalTo: [type] },
    { field: 'resources.ARN', ...arn },
  ],
});

/**
 * Records every access to faces and to the audit log, also that of people and programs that go past the service: who, when, which object or
 * table. In a stack of its own, whose files outlive it, so that it can be switched on and off.
 */
export class TrailStack extends Stack {
  readonly #trailArn: string;

  constructor(scope: Construct, id: string, { settings, data, ...props }: TrailStackProps) {
    super(scope, id, props);
    const trailName = `verified-${settings.stage}`;
    this.#trailArn = this.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
    const key = this.#makeKey();
    const bucket = this.#makeBucket(key, data);
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      s3BucketName: bucket.bucketName,
      kmsKeyId: key.keyArn,
      // Signed digests: a file that was changed or removed is found (`aws cloudtrail validate-logs`).
      enableLogFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      advancedEventSelectors: [
        dataEvents('Faces', 'AWS::S3::Object', { startsWith: [data.faces.bucket.arnForObjects('faces/')] }),
        dataEvents('Audit log', 'AWS::DynamoDB::Table', { equalTo: [data.tables.table('AUDIT_TABLE').tableArn] }),
      ],
    });
    // CloudTrail tries to write when it is created.
    trail.node.addDependency(bucket, key);
  }

  /** What CloudTrail may do, for this trail alone. */
  #allow(actions: readonly string[], resources: readonly string[], conditions: object = {}): PolicyStatement {
    return new PolicyStatement({
      actions: [...actions],
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      resources: [...resources],
      conditions: { StringEquals: { 'aws:SourceArn': this.#trailArn, ...conditions } },
    });
  }

  /** CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail". */
  #makeKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Verified: trail of faces and audit log',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const context = { 'kms:EncryptionContext:aws:cloudtrail:arn': this.#trailArn };
    key.addToResourcePolicy(this.#allow(['kms:GenerateDataKey*'], ['*'], context));
    key.addToResourcePolicy(this.#allow(['kms:DescribeKey'], ['*']));
    return key;
  }

  /** CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail". */
  #makeBucket(key: Key, data: DataStack): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(TRAIL_DAYS) }],
      serverAccessLogsBucket: Bucket.fromBucketArn(this, 'AccessLogs', data.accessLogs.bucketArn),
      serverAccessLogsPrefix: 'trail/',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Annotations.of(bucket).acknowledgeWarning(
      '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
      'The data stack, whose bucket it is, says who may write.',
    );
    bucket.addToResourcePolicy(this.#allow(['s3:GetBucketAcl'], [bucket.bucketArn]));
    bucket.addToResourcePolicy(
      this.#allow(['s3:PutObject'], [bucket.arnForObjects(`AWSLogs/${this.account}/*`)], {
        's3:x-amz-acl': 'bucket-owner-full-control',
      }),
    );
    return bucket;
  }
}
