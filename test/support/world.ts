import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { IntegrationOptionsInput } from '../../contract/api/portal/integration-options.ts';
import { deriveSessionKeys } from '../../contract/protocol/derive-keys.ts';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { AccountStore } from '../../lambdas/adapters/dynamodb/accounts/account-store.ts';
import { WebhookStore } from '../../lambdas/adapters/dynamodb/accounts/webhook-store.ts';
import { PortalIntegrationStore } from '../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { SecretUseStore } from '../../lambdas/adapters/dynamodb/integrations/secret-use-store.ts';
import { TenantContactStore } from '../../lambdas/adapters/dynamodb/integrations/tenant-contact-store.ts';
import { JobStore } from '../../lambdas/adapters/dynamodb/jobs/job-store.ts';
import { SessionFacesStore } from '../../lambdas/adapters/dynamodb/sessions/session-faces-store.ts';
import { SessionStore } from '../../lambdas/adapters/dynamodb/sessions/session-store.ts';
import { UserStore } from '../../lambdas/adapters/dynamodb/users/user-store.ts';
import { KmsKeyVault } from '../../lambdas/adapters/kms/key-vault.ts';
import { KmsWebhookSecretVault } from '../../lambdas/adapters/kms/webhook-secret-vault.ts';
import { SealedReferenceStore } from '../../lambdas/adapters/s3/sealed-reference-store.ts';
import { StsStreamCredentials } from '../../lambdas/adapters/sts/stream-credentials.ts';
import { createAccount } from '../../lambdas/core/accounts/manage-account.ts';
import { defaultConsent } from '../../lambdas/core/integrations/default-consent.ts';
import { changeIntegration, createIntegration } from '../../lambdas/core/integrations/manage-integration.ts';
import { type RunJobsPorts, runJobs } from '../../lambdas/core/jobs/run-jobs.ts';
import { type FaceCheckEndpointPorts, faceCheckEndpoint } from '../../lambdas/functions/face-check-endpoint.ts';
import { type SessionEndpointPorts, sessionEndpoint } from '../../lambdas/functions/session/endpoint.ts';
import { allowing } from '../../local/aws-wire/iam/policy.ts';
import { createTables, definedTables, type TableNames } from '../../local/dynamodb/create-tables.ts';
import { startKms } from '../../local/kms/start-kms.ts';
import { startS3 } from '../../local/s3/start-s3.ts';
import { startSts } from '../../local/sts/start-sts.ts';
import { clientOf, newCredentials, ROOT, temporaryFolder } from './local-aws.ts';
import { ScriptedFaces } from './scripted-faces.ts';
import { testTables } from './test-tables.ts';

export const PUBLIC_ORIGIN = 'https://verify.example.com';
export const DOMAIN = 'tenant.eu.auth0.com';
/** Where the tests' clock begins. */
export const START = epochSeconds(1_900_000_000);
const ROLE = 'arn:aws:iam::000000000000:role/stream';

/** A log line as it was written. */
export interface LogLine {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One integration as its Auth0 admin knows it. */
export interface TestIntegration {
  readonly integrationId: string;
  readonly sessionSecret: string;
}

/** Where a world is, and the keys that it encrypts with. */
export interface WorldOptions {
  readonly region?: string;
  /** Ids or ARNs of the two keys. */
  readonly keys?: { readonly integrations: string; readonly faces: string };
  /** Names of the keys in KMS. */
  readonly keyNames?: readonly string[];
  /** Prepares the empty folder of KMS, such as with the keys of another region. */
  readonly prepareKms?: (folder: string) => Promise<void>;
}

const KEYS = { integrations: 'alias/integrations', faces: 'alias/faces' } as const;

/**
 * The service over real local DynamoDB, S3, KMS and STS, with a scripted face engine and a clock that tests advance. One world
 * serves a test file; tests are kept apart by creating their own integrations.
 */
export const createWorld = async (options: WorldOptions = {}) => {
  const { region = 'us-east-1', keys = KEYS, keyNames = Object.values(keys) } = options;
  const { folder, remove } = await temporaryFolder();
  const credentials = newCredentials();
  const policies = [allowing('rekognition:StartFaceLivenessSession')];
  credentials.access.putRole({ arn: ROLE, policies, trust: [] });
  const { tables, start: startTables } = testTables();
  await options.prepareKms?.(`${folder}/kms`);
  const parts = await Promise.all([
    startTables(`${folder}/dynamodb`),
    startS3({ port: 0, folder: `${folder}/s3`, credentials, buckets: ['faces'] }),
    startKms({ port: 0, folder: `${folder}/kms`, credentials, region, keys: keyNames }),
    startSts({ port: 0, credentials }),
  ]);
  const [dynamodb, s3, kms, sts] = parts;
  const client = new DynamoDBClient({ ...clientOf(dynamodb.url), maxAttempts: 5 });
  await createTables(client, definedTables(tables));
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const s3Client = new S3Client({ ...clientOf(s3.url), forcePathStyle: true });
  const kmsClient = new KMSClient(clientOf(kms.url, ROOT, region));

  let now: EpochSeconds = START;
  const log: LogLine[] = [];
  const notices: unknown[] = [];
  const links: Parameters<SessionEndpointPorts['linkMail']['sendLink']>[0][] = [];
  const faces = new ScriptedFaces();
  const keyVault = new KmsKeyVault(kmsClient, keys.integrations, () => now * 1000);
  const integrations = new PortalIntegrationStore(documents, {
    integrations: tables.INTEGRATION_TABLE,
    items: tables.ACCOUNT_ITEM_TABLE,
  });
  const users = new UserStore(documents, tables.USER_TABLE);
  const references = new SealedReferenceStore(s3Client, kmsClient, { bucket: 'faces', keyId: keys.faces });
  const queue = new JobStore(documents, tables.DUE_WORK_TABLE);
  const tenantContacts = new TenantContactStore(documents, tables.SESSION_TABLE);
  const secretUses = new SecretUseStore(documents, tables.SESSION_TABLE);
  const ports: SessionEndpointPorts & FaceCheckEndpointPorts = {
    publicOrigin: PUBLIC_ORIGIN,
    integrations,
    users,
    sessions: new SessionStore(documents, {
      sessions: tables.SESSION_TABLE,
      users: tables.USER_TABLE,
      transactions: tables.TRANSACTION_TABLE,
      statistics: tables.STATISTICS_TABLE,
      jobs: tables.DUE_WORK_TABLE,
    }),
    tenantContacts,
    secretUses,
    faces,
    references,
    jobs: queue,
    streamCredentials: new StsStreamCredentials(new STSClient(clientOf(sts.url)), {
      roleArn: ROLE,
      region: 'eu-west-1',
    }),
    keyVault,
    clock: () => now,
    pause,
    randomToken: () => randomBytes(32).toString('base64url'),
    engine: faces.engine,
    linkMail: { sendLink: async (mail) => void links.push(mail) },
    log: (code, fields) => void log.push({ code, fields }),
  };
  const handlersOf = (these: typeof ports) => ({
    session: sessionEndpoint(these),
    enroll: faceCheckEndpoint(these, 'enroll'),
    verify: faceCheckEndpoint(these, 'verify'),
  });
  const clock = () => now;
  const housekeeping: RunJobsPorts = {
    queue,
    integrations,
    users,
    sessions: new SessionFacesStore(documents, tables.SESSION_TABLE),
    faces,
    references,
    keyVault,
    notices: { sendEnrolled: async (notice) => void notices.push(notice) },
    webhooks: new WebhookStore(documents, tables.ACCOUNT_ITEM_TABLE),
    webhookSecrets: new KmsWebhookSecretVault(kmsClient, keys.integrations),
    webhookSender: { send: async () => ({ outcome: 'unreachable', status: null }) },
    clock,
    pause: async () => {},
    log: ports.log,
  };
  const account = await createAccount({
    accounts: new AccountStore(documents, tables.ACCOUNT_TABLE),
    clock,
  })('Test account');

  return {
    folder,
    credentials,
    endpoints: { dynamodb: dynamodb.url, s3: s3.url, kms: kms.url, sts: sts.url },
    ports,
    handlers: handlersOf(ports),
    /** The same service with some ports replaced, e.g. by ones that fail. */
    handlersWith: (replaced: Partial<typeof ports>) => handlersOf({ ...ports, ...replaced }),
    /** One run of the scheduled housekeeping, with some of its ports replaced. */
    housekeep: (replaced: Partial<RunJobsPorts> = {}) => runJobs({ ...housekeeping, ...replaced })(),
    queue,
    webhooks: housekeeping.webhooks,
    webhookSecrets: housekeeping.webhookSecrets,
    faces,
    log,
    notices,
    links,
    tenantContacts,
    secretUses,
    documents,
    s3Client,
    kmsClient,
    tables,
    /** Writes a row as a thief or an older version would. */
    putRow: (table: keyof TableNames, Item: Record<string, unknown>) =>
      documents.send(new PutCommand({ TableName: tables[table], Item })),
    /** As before any account was created; logins' integrations continue without theirs. */
    removeAccount: async (): Promise<void> => {
      const Key = { accountId: account.accountId };
      await documents.send(new DeleteCommand({ TableName: tables.ACCOUNT_TABLE, Key }));
    },
    now: clock,
    advance: (seconds: number) => {
      now = addSeconds(now, seconds);
    },
    newIntegration: (options: Partial<IntegrationOptionsInput> = {}): Promise<TestIntegration> =>
      createIntegration({ integrations, keySealer: keyVault, clock })(account.accountId, {
        name: 'Test',
        domains: [DOMAIN],
        consent: defaultConsent('Harbour Bank'),
        branding: { displayName: 'Harbour Bank' },
        ...options,
      }),
    change: (integrationId: string, options: Partial<IntegrationOptionsInput>) =>
      changeIntegration({ integrations, clock })(integrationId, options),
    keysOf: ({ sessionSecret, integrationId }: TestIntegration) => deriveSessionKeys(sessionSecret, integrationId),
    newExternalId: () => `auth0|${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
      await remove();
    },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;
