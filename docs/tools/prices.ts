/** A list price of AWS in US dollars, us-east-1, without free tier or volume discount; where it was read, and when. */
export interface Price {
  readonly usd: number;
  /** What the price is for, e.g. `million requests`. */
  readonly per: string;
  readonly source: string;
  /** null: as publicly known in 2025; no source was at hand to confirm it. */
  readonly readOn: string | null;
}

const price = (usd: number, per: string, source: string, readOn: string | null): Price => ({
  usd,
  per,
  source,
  readOn,
});
const READ_BEFORE = '2026-11-24';
const READ = '2026-11-25';

/** Prices that a login is made of. Check them against the AWS Price List before you budget. */
export const PRICES = {
  liveness: price(0.015, 'check', 'third-party reading of aws.amazon.com/rekognition/pricing, 2026-08', READ),
  compareFaces: price(0.001, 'picture', 'aws.amazon.com/rekognition/pricing', null),
  lambdaRequest: price(0.2, 'million requests', 'third-party summaries of aws.amazon.com/lambda/pricing', READ_BEFORE),
  lambdaGbSecond: price(
    13.3334,
    'million GB-s (ARM)',
    'third-party summaries of aws.amazon.com/lambda/pricing',
    READ_BEFORE,
  ),
  httpApi: price(1, 'million requests', 'AWS whitepaper "Best Practices for Private APIs", table 4', READ_BEFORE),
  dynamoWrite: price(0.625, 'million write units', 'third-party summary after the cut of November 2024', READ_BEFORE),
  dynamoStorageGb: price(0.25, 'GB-month', 'aws.amazon.com/dynamodb/pricing, stored copy', '2026-11-28'),
  dynamoBackupGb: price(0.2, 'GB-month', 'aws.amazon.com/dynamodb/pricing', null),
  dynamoRead: price(0.125, 'million read units', 'third-party summary after the cut of November 2024', READ_BEFORE),
  kms: price(3, 'million requests', 'aws.amazon.com/kms/pricing and summaries of 2026', READ_BEFORE),
  s3Get: price(0.4, 'million requests', 'third-party summary of aws.amazon.com/s3/pricing (c3x.dev)', READ),
  cloudFrontRequest: price(
    1,
    'million HTTPS requests',
    'third-party readings of aws.amazon.com/cloudfront/pricing, 2026',
    READ,
  ),
  cloudFrontGb: price(0.085, 'GB', 'aws.amazon.com/cloudfront/pricing, stored copy', READ),
  trace: price(5, 'million traces', 'aws.amazon.com/xray/pricing, stored copy', '2026-11-28'),
  logsGb: price(0.5, 'GB', 'third-party summaries of aws.amazon.com/cloudwatch/pricing', READ_BEFORE),
} as const satisfies Record<string, Price>;
