import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { asBucket } from '../constructs/as-bucket.ts';
import { DataKey } from '../constructs/data-key.ts';
import { FaceBucket } from '../constructs/face-bucket.ts';
import { Tables } from '../constructs/tables.ts';

/** What must survive: everything here is retained and protected against deletion. */
export class DataStack extends Stack {
  readonly integrationKey: DataKey;
  readonly tables: Tables;
  readonly faces: FaceBucket;
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.integrationKey = new DataKey(this, 'IntegrationKey', 'Verified: keys of integrations, and all tables');
    const faceKey = new DataKey(this, 'FaceKey', 'Verified: reference faces');
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(365) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Pages are in another stack, whose buckets this policy cannot name: the condition on the account keeps out foreign logs.
    this.accessLogs.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        resources: [this.accessLogs.arnForObjects('pages/*')],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    this.tables = new Tables(this, 'Tables', this.integrationKey);
    this.faces = new FaceBucket(this, 'Faces', { key: faceKey, accessLogs: asBucket(this.accessLogs) });
  }
}
