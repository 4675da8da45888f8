import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { Clients } from '../clients.ts';
import { isFaceBucket, resourcesOf } from '../declared.ts';
import type { BucketState, Deployed } from '../facts.ts';
import { orNull } from '../reading.ts';

const readBucket = async ({ s3 }: Clients, Bucket: string): Promise<BucketState> => {
  const [block, encryption, lifecycle, versioning] = await Promise.all([
    orNull(s3.send(new GetPublicAccessBlockCommand({ Bucket })), 'NoSuchPublicAccessBlockConfiguration'),
    orNull(s3.send(new GetBucketEncryptionCommand({ Bucket })), 'ServerSideEncryptionConfigurationNotFoundError'),
    orNull(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), 'NoSuchLifecycleConfiguration'),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
  ]);
  const blocked = block?.PublicAccessBlockConfiguration;
  const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  return {
    name: Bucket,
    isPrivate: [
      blocked?.BlockPublicAcls,
      blocked?.BlockPublicPolicy,
      blocked?.IgnorePublicAcls,
      blocked?.RestrictPublicBuckets,
    ].every((each) => each === true),
    algorithm: rule?.SSEAlgorithm ?? 'none',
    keyArn: rule?.KMSMasterKeyID ?? null,
    isVersioned: versioning.Status === 'Enabled',
    removesParts: (lifecycle?.Rules ?? []).some(
      ({ Status, AbortIncompleteMultipartUpload }) =>
        Status === 'Enabled' && AbortIncompleteMultipartUpload !== undefined,
    ),
  };
};

/** The buckets that hold faces, pages or access logs; the one of the faces first. */
export const readBuckets = (clients: Clients, deployed: Deployed): Promise<readonly BucketState[]> => {
  const buckets = resourcesOf(deployed, 'AWS::S3::Bucket');
  const sorted = [...buckets.filter(isFaceBucket), ...buckets.filter((bucket) => !isFaceBucket(bucket))];
  return Promise.all(sorted.map(({ physicalId }) => readBucket(clients, physicalId)));
};
