import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * The bucket in the type that other constructs accept. CDK's class has undefined members that its interface calls optional, which
 * the compiler's strictest setting distinguishes.
 */
export const asBucket = (bucket: Bucket): IBucket => bucket as IBucket;
