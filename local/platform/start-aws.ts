import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CredentialStore } from '../aws-wire/credentials.ts';
import type { TroubleListener } from '../aws-wire/restart-budget.ts';
import { createTables } from '../dynamodb/create-tables.ts';
import { guardDynamoDb } from '../dynamodb/guard-dynamodb.ts';
import { startDynamoDb } from '../dynamodb/start-dynamodb.ts';
import { startKms } from '../kms/start-kms.ts';
import { startMailbox } from '../mailbox/start-mailbox.ts';
import { describeCounting, type OptionalPart } from '../rekognition/liveness/uncounted-parts.ts';
import { startRekognition } from '../rekognition/start-rekognition.ts';
import { startS3 } from '../s3/start-s3.ts';
import { startSts } from '../sts/start-sts.ts';
import { type AwsResources, LIVENESS_REGION, REGION } from './aws-resources.ts';
import type { Ports } from './ports.ts';
import type { RunningParts } from './running-parts.ts';

export interface AwsOptions extends TroubleListener {
  readonly folder: string;
  readonly onProgress?: (line: string) => void;
  /** Parts of the liveness check that do not count, for cameras that play a photo or a file; none by default. */
  readonly uncountedParts?: readonly OptionalPart[];
  /** Receives one line on why a face check scored low. */
  readonly onWeakStream?: (line: string) => void;
  /** How Rekognition is started; default: as it is. */
  readonly startRekognition?: typeof startRekognition;
  /** 0 to 1; a constant 0.5 centers the oval. */
  readonly livenessRandom?: () => number;
}

/** Credentials of this machine's emulated AWS; they open nothing elsewhere. */
const ROOT = { accessKeyId: 'AKIALOCALPLATFORM', secretAccessKey: 'local-platform-only' } as const;

/** Production code finds everything through its environment, here as in AWS. */
export const setEnvironment = (values: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, values);
};

/** Metrics are lines on the terminal, where nobody collects them, and so are logs. */
export const quietLogs = () => ({
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] ?? 'WARN',
});

/** The database's address; with a guard that checks signatures and permissions where functions have roles. */
const startDatabase = async (
  parts: RunningParts,
  { folder, ...listener }: TroubleListener & { readonly folder: string },
  credentials: CredentialStore,
  { tableKeys }: AwsResources,
): Promise<string> => {
  const url =
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? (await parts.add(startDynamoDb({ port: 0, folder, ...listener }))).url;
  return tableKeys === null ? url : (await parts.add(guardDynamoDb({ url, credentials, tableKeys }))).url;
};

/** Starts the servers that replace AWS, points the SDK's environment at them, and creates the tables. */
export const startAws = async (parts: RunningParts, options: AwsOptions, ports: Ports, resources: AwsResources) => {
  const { folder } = options;
  const report = options.onProgress ?? (() => {});
  const { onTrouble = (line) => console.error(`  ${line}`), onBroken = onTrouble } = options;
  const listener = { onTrouble, onBroken };
  const credentials = new CredentialStore(ROOT);
  // The SDK's warning about the Node versions of its later releases is for those who upgrade it, not for those who start this.
  setEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  resources.putAccess(credentials.access);
  const { names, buckets, bucketKeys } = resources;
  const database = { folder: join(folder, 'dynamodb'), ...listener };
  const dynamodb = await startDatabase(parts, database, credentials, resources);
  report('DynamoDB: accounts, integrations, users, sessions');
  const s3 = await parts.add(startS3({ port: 0, folder: join(folder, 's3'), credentials, buckets, bucketKeys }));
  const keys = Object.values(names.keys);
  const kms = await parts.add(startKms({ port: 0, folder: join(folder, 'kms'), credentials, keys, region: REGION }));
  const sts = await parts.add(startSts({ port: 0, credentials }));
  const mailbox = await parts.add(startMailbox({ port: ports.mailbox, folder: join(folder, 'mail'), credentials }));
  report('S3, KMS, STS and mailbox');
  const { livenessRandom: random, onWeakStream, uncountedParts = [] } = options;
  const startEngine = options.startRekognition ?? startRekognition;
  const rekognition = await parts.add(
    startEngine({
      port: ports.rekognition,
      ...listener,
      credentials,
      region: LIVENESS_REGION,
      uncountedParts,
      s3Endpoint: s3.url,
      ...(onWeakStream === undefined ? {} : { onWeakStream }),
      ...(random === undefined ? {} : { random }),
    }),
  );
  report(`Rekognition: face models loaded; ${describeCounting(uncountedParts)}`);
  setEnvironment({
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    // An address, not a name: the SDK then leaves the bucket in the path.
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_STS: sts.url,
    AWS_ENDPOINT_URL_SESV2: mailbox.url,
    AWS_ENDPOINT_URL_REKOGNITION: rekognition.url,
  });
  await createTables(new DynamoDBClient({}), resources.tables);
  return { rekognition, mailbox, credentials };
};
