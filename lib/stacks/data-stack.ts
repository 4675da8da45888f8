import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { asBucket } from '../constructs/as-bucket.ts';
import { DataKey } from '../constructs/data-key.ts';
import { FaceBucket } from '../constructs/face-bucket.ts';
import { Tables } from '../constructs/tables.ts';
import type { Settings } from '../settings-schema.ts';

export interface DataStackProps extends StackProps {
  readonly settings: Pick<Settings, 'multiRegionKeys' | 'primaryIntegrationKeyArn' | 'primaryFaceKeyArn'>;
}

/**
 * What must survive: everything here is retained, and protected against deletion. If the first deployment fails, whatever is not yet
 * protected is removed again, so that the next one starts afresh (docs/runbook.md, "A deployment failed").
 */
export class DataStack extends Stack {
  readonly integrationKey: DataKey;
  readonly tables: Tables;
  readonly faces: FaceBucket;
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { multiRegionKeys: isMultiRegion, primaryIntegrationKeyArn, primaryFaceKeyArn } = props.settings;
    this.integrationKey = new DataKey(this, 'IntegrationKey', {
      description: 'Verified: keys of integrations, and all tables',
      isMultiRegion,
      primaryKeyArn: primaryIntegrationKeyArn ?? null,
    });
    const faceKey = new DataKey(this, 'FaceKey', {
      description: 'Verified: reference faces',
      isMultiRegion,
      primaryKeyArn: primaryFaceKeyArn ?? null,
    });
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(365) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Pages and the trail are in other stacks, whose buckets this policy cannot name: the condition on the account keeps out foreign logs.
    this.accessLogs.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        resources: ['pages/*', 'trail/*'].map((objects) => this.accessLogs.arnForObjects(objects)),
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    this.tables = new Tables(this, 'Tables', this.integrationKey);
    this.faces = new FaceBucket(this, 'Faces', { key: faceKey, accessLogs: asBucket(this.accessLogs) });
    // Last, because a protected table stays when the creation of the stack is rolled back.
    this.tables.node.addDependency(faceKey, this.accessLogs, this.faces);
    this.#export(faceKey);
  }
  /**
   * Everything that another stack may refer to, whatever the present settings and functions refer to: CloudFormation removes no export
   * that a stack of the previous deployment still imports.
   */
  #export(faceKey: DataKey): void {
    const { bucket } = this.faces;
    const tables = this.tables.all.flatMap(({ tableName, tableArn }) => [tableName, tableArn]);
    const keys = [this.integrationKey, faceKey].map(({ key }) => key.keyArn);
    for (const value of [...tables, ...keys, bucket.bucketName, bucket.bucketArn, this.accessLogs.bucketArn]) {
      this.exportValue(value);
    }
  }
}
