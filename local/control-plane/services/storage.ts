import { AwsError } from '../../aws-wire/aws-error.ts';
import { allOf, findNamed, type Model, type ModelResource, memberOf } from '../model.ts';
import { jsonService, restXmlService, type Xml } from '../protocols.ts';

const tableOf = (model: Model, name: unknown): ModelResource => {
  const table = findNamed(model, 'AWS::DynamoDB::Table', String(name));
  if (table === null) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  return table;
};

const isOn = (value: unknown): string => (value === true ? 'ENABLED' : 'DISABLED');

/** What DynamoDB says of its tables, and the rows in which housekeeping notes how far it came (DynamoDB API reference). */
export const dynamoDb = jsonService('dynamodb', {
  DescribeTable: ({ TableName }, { model }) => {
    const { physicalId, properties, state } = tableOf(model, TableName);
    const key = memberOf(properties, 'SSESpecification', 'KMSMasterKeyId');
    return {
      Table: {
        TableName: physicalId,
        TableStatus: state['status'] ?? 'ACTIVE',
        DeletionProtectionEnabled: properties['DeletionProtectionEnabled'] === true,
        // Absent for a key of AWS's own.
        ...(key === undefined ? {} : { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: key } }),
      },
    };
  },
  DescribeContinuousBackups: ({ TableName }, { model }) => {
    const { properties } = tableOf(model, TableName);
    const enabled = memberOf(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled');
    const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: isOn(enabled) };
    return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } };
  },
  DescribeTimeToLive: ({ TableName }, { model }) => {
    const declared = tableOf(model, TableName).properties['TimeToLiveSpecification'];
    const AttributeName = memberOf(declared, 'AttributeName');
    const TimeToLiveStatus = isOn(memberOf(declared, 'Enabled'));
    return { TimeToLiveDescription: { TimeToLiveStatus, ...(AttributeName === undefined ? {} : { AttributeName }) } };
  },
  GetItem: ({ TableName, Key }, { model }) => {
    const { logicalId } = tableOf(model, TableName);
    const day = logicalId.startsWith('TablesDueWorkTable')
      ? model.drainedThrough[String(memberOf(Key, 'dueDay', 'S'))]
      : undefined;
    return day === undefined ? {} : { Item: { ...(Key as object), drainedThrough: { S: day } } };
  },
});

const keyOf = (model: Model, id: unknown): ModelResource => {
  const key = findNamed(model, 'AWS::KMS::Key', String(id));
  if (key === null) throw new AwsError('NotFoundException', 'The key does not exist.');
  return key;
};

/** What KMS says of its keys (KMS API reference). */
export const kms = jsonService('kms', {
  DescribeKey: ({ KeyId }, { model }) => {
    const { physicalId, region, state } = keyOf(model, KeyId);
    const KeyState = state['keyState'] ?? 'Enabled';
    const Arn = `arn:aws:kms:${region}:${model.account}:key/${physicalId}`;
    return { KeyMetadata: { KeyId: physicalId, Arn, KeyState, Enabled: KeyState === 'Enabled' } };
  },
  GetKeyRotationStatus: ({ KeyId }, { model }) => ({
    KeyId,
    KeyRotationEnabled: keyOf(model, KeyId).properties['EnableKeyRotation'] === true,
  }),
});

const bucketOf = (model: Model, name: string): ModelResource => {
  const bucket = allOf(model, 'AWS::S3::Bucket').find(({ physicalId }) => physicalId === name);
  if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return bucket;
};

/** A part of a bucket's configuration. @throws AwsError with that code where there is none */
const partOf = (model: Model, name: string, property: string, missing: string): unknown => {
  const part = bucketOf(model, name).properties[property];
  if (part === undefined) throw new AwsError(missing, 'The configuration does not exist', 404);
  return part;
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const BUCKET = /^\/([a-z0-9.-]+)\/?$/;

/** What S3 says of its buckets (S3 API reference). */
export const s3 = restXmlService(
  [
    {
      path: BUCKET,
      query: 'publicAccessBlock',
      iamAction: 's3:GetBucketPublicAccessBlock',
      run: (name, { model }) => ({
        name: 'PublicAccessBlockConfiguration',
        value: partOf(model, name, 'PublicAccessBlockConfiguration', 'NoSuchPublicAccessBlockConfiguration') as Xml,
      }),
    },
    {
      path: BUCKET,
      query: 'encryption',
      iamAction: 's3:GetEncryptionConfiguration',
      run: (name, { model }) => {
        const missing = 'ServerSideEncryptionConfigurationNotFoundError';
        const part = partOf(model, name, 'BucketEncryption', missing);
        const rules = listOf(memberOf(part, 'ServerSideEncryptionConfiguration'));
        const Rule = rules.map((rule) => ({
          ApplyServerSideEncryptionByDefault: memberOf(rule, 'ServerSideEncryptionByDefault') as Xml,
        }));
        return { name: 'ServerSideEncryptionConfiguration', value: { Rule } };
      },
    },
    {
      path: BUCKET,
      query: 'lifecycle',
      iamAction: 's3:GetLifecycleConfiguration',
      run: (name, { model }) => {
        const part = partOf(model, name, 'LifecycleConfiguration', 'NoSuchLifecycleConfiguration');
        return { name: 'LifecycleConfiguration', value: { Rule: listOf(memberOf(part, 'Rules')) as readonly Xml[] } };
      },
    },
    {
      path: BUCKET,
      query: 'versioning',
      iamAction: 's3:GetBucketVersioning',
      run: (name, { model }) => {
        const Status = memberOf(bucketOf(model, name).properties, 'VersioningConfiguration', 'Status');
        return { name: 'VersioningConfiguration', value: Status === undefined ? {} : { Status: String(Status) } };
      },
    },
  ],
  false,
);
