import { z } from 'zod';
import type { BucketKeys } from '../s3/authorize-call.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf, type Stack } from './template.ts';

const Properties = z.looseObject({
  BucketEncryption: z.strictObject({
    ServerSideEncryptionConfiguration: z
      .array(
        z.strictObject({
          BucketKeyEnabled: z.boolean().optional(),
          ServerSideEncryptionByDefault: z.union([
            z.strictObject({ SSEAlgorithm: z.literal('aws:kms'), KMSMasterKeyID: z.string() }),
            z.strictObject({ SSEAlgorithm: z.literal('AES256') }),
          ]),
        }),
      )
      .length(1),
  }),
});

/** The buckets that have a KMS key of their own, by name, and that key's ARN. */
export const readBucketKeys = (stacks: readonly Stack[], resolver: Resolver): BucketKeys =>
  Object.fromEntries(
    resourcesOf(stacks, 'AWS::S3::Bucket').flatMap((resource) => {
      const encryption = resolver.value(resource.properties['BucketEncryption'], resource.stack);
      const { BucketEncryption } = Properties.parse({ BucketEncryption: encryption });
      const [rule] = BucketEncryption.ServerSideEncryptionConfiguration;
      const byDefault = rule?.ServerSideEncryptionByDefault;
      return byDefault !== undefined && 'KMSMasterKeyID' in byDefault
        ? [[resolver.nameOf(resource), byDefault.KMSMasterKeyID]]
        : [];
    }),
  );
