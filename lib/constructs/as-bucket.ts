import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * The bucket as other constructs take it. CDK's class leaves members undefined that its interface calls optional, which the
 * compiler's strictest setting tells apart.
 */
export const asBucket = (bucket: Bucket): IBucket => bucket as IBucket;
