import { PRICES, type Price } from './prices.ts';

/** What one verification that passes at the first try asks of AWS. */
export interface LoginUsage {
  readonly livenessChecks: number;
  readonly comparisons: number;
  readonly apiRequests: number;
  readonly dynamoWriteUnits: number;
  /** Entries that indexes gain, lose or move; DynamoDB writes them itself. */
  readonly dynamoIndexUnits: number;
  /** Of rows that stay after the login, with their index entries. */
  readonly dynamoStoredBytes: number;
  readonly dynamoReadUnits: number;
  readonly kmsRequests: number;
  readonly s3Gets: number;
  readonly logBytes: number;
}

/** Cannot be measured without AWS: how long functions run there, and what a browser that has nothing yet loads. */
const ASSUMED = {
  /** Three calls of 60 ms at 512 MB; start and completion of the check, 1.2 s together, at 1 GB. */
  lambdaGbSeconds: 0.09 + 1.2,
  /** The page's files, beside the API's requests. */
  pageRequests: 8,
  pageMegabytes: 0.76,
} as const;

const number = (value: number, digits: number): string => value.toFixed(digits);

/** Table rows of docs/cost.md. */
export const costTable = (usage: LoginUsage): string => {
  const million = 1e6;
  const rows: readonly (readonly [what: string, amount: string, price: Price, units: number])[] = [
    ['Rekognition Face Liveness', `${usage.livenessChecks} check`, PRICES.liveness, usage.livenessChecks],
    ['Rekognition CompareFaces', `${usage.comparisons} picture`, PRICES.compareFaces, usage.comparisons],
    ['Lambda requests', `${usage.apiRequests}`, PRICES.lambdaRequest, usage.apiRequests / million],
    [
      'Lambda time',
      `${ASSUMED.lambdaGbSeconds} GB-s (assumed)`,
      PRICES.lambdaGbSecond,
      ASSUMED.lambdaGbSeconds / million,
    ],
    ['HTTP API', `${usage.apiRequests} requests`, PRICES.httpApi, usage.apiRequests / million],
    ['DynamoDB writes', `${usage.dynamoWriteUnits} units`, PRICES.dynamoWrite, usage.dynamoWriteUnits / million],
    [
      'DynamoDB writes of indexes',
      `${usage.dynamoIndexUnits} units`,
      PRICES.dynamoWrite,
      usage.dynamoIndexUnits / million,
    ],
    [
      'DynamoDB storage, the first month',
      `${number(usage.dynamoStoredBytes / 1000, 1)} kB`,
      PRICES.dynamoStorageGb,
      usage.dynamoStoredBytes / 1e9,
    ],
    [
      'DynamoDB point-in-time recovery, the first month',
      `${number(usage.dynamoStoredBytes / 1000, 1)} kB`,
      PRICES.dynamoBackupGb,
      usage.dynamoStoredBytes / 1e9,
    ],
    ['DynamoDB reads', `${usage.dynamoReadUnits} units`, PRICES.dynamoRead, usage.dynamoReadUnits / million],
    ['KMS requests', `${usage.kmsRequests}`, PRICES.kms, usage.kmsRequests / million],
    ['S3', `${usage.s3Gets} read`, PRICES.s3Get, usage.s3Gets / million],
    [
      'CloudFront requests',
      `${usage.apiRequests + ASSUMED.pageRequests}`,
      PRICES.cloudFrontRequest,
      (usage.apiRequests + ASSUMED.pageRequests) / million,
    ],
    ['CloudFront data, first login', `${ASSUMED.pageMegabytes} MB`, PRICES.cloudFrontGb, ASSUMED.pageMegabytes / 1000],
    ['X-Ray, if each request is traced', `${usage.apiRequests} traces`, PRICES.trace, usage.apiRequests / million],
    ['CloudWatch logs', `${number(usage.logBytes / 1000, 0)} kB`, PRICES.logsGb, usage.logBytes / 1e9],
  ];
  const cost = rows.map(([, , price, units]) => price.usd * units * 1000);
  const together = cost.reduce((sum, each) => sum + each, 0);
  return [
    '| what | a login | price in USD | source | read on | 1,000 logins in USD |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ([what, amount, { usd, per, source, readOn }], index) =>
        `| ${what} | ${amount} | ${usd} per ${per} | ${source} | ${readOn ?? '**not confirmed**'} | ${number(cost[index] ?? 0, 3)} |`,
    ),
    `| **together** | | | | | **${number(together, 2)}** |`,
  ].join('\n');
};
