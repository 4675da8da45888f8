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
const READ = '2026-11-24';

/** Prices that a login is made of. Check them against the AWS Price List before you budget. */
export const PRICES = {
  liveness: price(0.015, 'check', 'aws.amazon.com/rekognition/pricing', null),
  compareFaces: price(0.001, 'picture', 'aws.amazon.com/rekognition/pricing', null),
  lambdaRequest: price(0.2, 'million requests', 'third-party summaries of aws.amazon.com/lambda/pricing', READ),
  lambdaGbSecond: price(13.3334, 'million GB-s (ARM)', 'third-party summaries of aws.amazon.com/lambda/pricing', READ),
  httpApi: price(1, 'million requests', 'AWS whitepaper "Best Practices for Private APIs", table 4', READ),
  dynamoWrite: price(0.625, 'million write units', 'third-party summary after the cut of November 2024', READ),
  dynamoRead: price(0.125, 'million read units', 'third-party summary after the cut of November 2024', READ),
  kms: price(3, 'million requests', 'aws.amazon.com/kms/pricing and summaries of 2026', READ),
  s3Get: price(0.4, 'million requests', 'aws.amazon.com/s3/pricing', null),
  cloudFrontRequest: price(1, 'million HTTPS requests', 'aws.amazon.com/cloudfront/pricing', null),
  cloudFrontGb: price(0.085, 'GB', 'aws.amazon.com/cloudfront/pricing', null),
  logsGb: price(0.5, 'GB', 'third-party summaries of aws.amazon.com/cloudwatch/pricing', READ),
} as const satisfies Record<string, Price>;
