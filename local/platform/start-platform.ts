import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { APP_METADATA } from '../../action/src/settings-of-login.ts';
import { buildAction } from '../../action/tools/build.ts';
import type { IntegrationOptionsInput } from '../../contract/api/portal/integration-options.ts';
import type { LambdaName } from '../../contract/api/routes.ts';
import { AMR_CLAIM, DEFAULT_CLAIM_NAMESPACE, EVENT_CLAIM, FACE_AT_CLAIM } from '../../contract/protocol/claims.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import { buildPages } from '../../web/build.ts';
import { capturePageHeaders } from '../../web/capture/security-headers.ts';
import { CredentialStore } from '../aws-wire/credentials.ts';
import { startDemoApp } from '../demo/start-demo-app.ts';
import { demoCameraFiles } from '../demo-camera/demo-camera-files.ts';
import { addDemoData } from '../demo-data/add-demo-data.ts';
import { createTables, type TableNames } from '../dynamodb/create-tables.ts';
import { startDynamoDb } from '../dynamodb/start-dynamodb.ts';
import { jwtAuthorizer } from '../edge/jwt-authorizer.ts';
import { startEdge } from '../edge/start-edge.ts';
import { startKms } from '../kms/start-kms.ts';
import { startMailbox } from '../mailbox/start-mailbox.ts';
import { describeCounting, type OptionalPart } from '../rekognition/liveness/uncounted-parts.ts';
import { startRekognition } from '../rekognition/start-rekognition.ts';
import { startS3 } from '../s3/start-s3.ts';
import { startSchedule } from '../schedule/start-schedule.ts';
import { startSts } from '../sts/start-sts.ts';
import { startTenant } from '../tenant/start-tenant.ts';
import { localDestinations } from '../webhooks/local-destinations.ts';
import { INSTALLER_CLIENT, localAction } from './local-action.ts';
import { portalOf } from './portal.ts';
import { administration, OPERATOR, seed } from './seed.ts';

export interface PlatformOptions {
  /** First of five ports in a row; 0 for any free ones. */
  readonly firstPort: number;
  readonly folder: string;
  readonly onProgress?: (line: string) => void;
  readonly tenantLog?: (line: string) => void;
  /** Options of the integration that the first start makes. */
  readonly integration?: Partial<IntegrationOptionsInput>;
  /** Makes so much believable data, once a folder. */
  readonly demoData?: { readonly people: number; readonly days: number };
  /** Parts of the liveness check that do not count, for cameras that play a photo or a file; none by default. */
  readonly uncountedParts?: readonly OptionalPart[];
  /** 0 to 1; a constant 0.5 centres the oval. */
  readonly livenessRandom?: () => number;
}

export interface Platform {
  readonly bank: string;
  readonly verified: string;
  readonly portal: string;
  readonly tenant: string;
  readonly rekognition: string;
  readonly mailbox: string;
  readonly integrationId: string;
  readonly admin: ReturnType<typeof administration>;
  close(): Promise<void>;
}

const REGION = 'us-east-1';
/** A minute in AWS; here nobody wants to wait for an e-mail. */
const HOUSEKEEPING_EVERY_MS = 2000;
const TENANT_HOST = 'tenant.localhost';
const ROLE = 'arn:aws:iam::000000000000:role/verified-liveness-stream';
const KEYS = { integrations: 'alias/verified-integrations', faces: 'alias/verified-faces' } as const;
const BUCKET = 'verified-faces';
/** Credentials of this machine's own AWS; they open nothing elsewhere. */
const ROOT = { accessKeyId: 'AKIALOCALPLATFORM', secretAccessKey: 'local-platform-only' } as const;

const TABLES: TableNames = {
  ACCOUNT_TABLE: 'verified-accounts',
  ACCOUNT_ITEM_TABLE: 'verified-account-items',
  AUDIT_TABLE: 'verified-audit',
  INTEGRATION_TABLE: 'verified-integrations',
  USER_TABLE: 'verified-users',
  SESSION_TABLE: 'verified-sessions',
  TRANSACTION_TABLE: 'verified-transactions',
  STATISTICS_TABLE: 'verified-statistics',
  DUE_WORK_TABLE: 'verified-due-work',
};

/** The people who can log in to the local tenant from the start. */
export const SEED_USERS = [
  { email: 'alice@example.com', name: 'Alice Anderson', password: 'harbour-alice', emailVerified: true },
  { email: 'bob@example.com', name: 'Bob Brown', password: 'harbour-bob', emailVerified: true },
  OPERATOR,
] as const;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const choosePorts = async (first: number) => {
  const ports =
    first === 0 ? await Promise.all([0, 1, 2, 3, 4].map(freePort)) : [0, 1, 2, 3, 4].map((step) => first + step);
  const [bank = 0, verified = 0, tenant = 0, rekognition = 0, mailbox = 0] = ports;
  return { bank, verified, tenant, rekognition, mailbox };
};

/** Parts that run, to be closed in the opposite order of their start, also where a later one fails. */
class RunningParts {
  readonly #closers: (() => Promise<void>)[] = [];

  async add<Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> {
    const part = await starting;
    this.#closers.push(() => part.close());
    return part;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** Production code finds everything through its environment, here as in AWS. */
const setEnvironment = (values: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, values);
};

const startAws = async (
  parts: RunningParts,
  options: PlatformOptions,
  ports: Awaited<ReturnType<typeof choosePorts>>,
) => {
  const { folder } = options;
  const report = options.onProgress ?? (() => {});
  const credentials = new CredentialStore(ROOT);
  const own = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  const dynamodb = own ?? (await parts.add(startDynamoDb({ port: 0, folder: join(folder, 'dynamodb') }))).url;
  report('DynamoDB: accounts, integrations, users, sessions');
  const s3 = await parts.add(startS3({ port: 0, folder: join(folder, 's3'), credentials, buckets: [BUCKET] }));
  const kms = await parts.add(
    startKms({ port: 0, folder: join(folder, 'kms'), credentials, keys: Object.values(KEYS) }),
  );
  const roles = { [ROLE]: ['rekognition:StartFaceLivenessSession'] };
  const sts = await parts.add(startSts({ port: 0, credentials, roles }));
  const mailbox = await parts.add(startMailbox({ port: ports.mailbox, folder: join(folder, 'mail'), credentials }));
  report('S3, KMS, STS and mailbox');
  const { livenessRandom: random, uncountedParts = [] } = options;
  const rekognition = await parts.add(
    startRekognition({
      port: ports.rekognition,
      credentials,
      region: REGION,
      uncountedParts,
      s3Endpoint: s3.url,
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
  await createTables(new DynamoDBClient({}), TABLES);
  return { rekognition, mailbox };
};

/** Loads the Lambdas exactly as AWS does: by their entry files, configured by environment alone. */
const loadLambdas = async (): Promise<Record<LambdaName, HttpHandler>> => {
  const [session, enroll, verify, accounts, integrations, users, transactions, automation, backend] = await Promise.all(
    [
      import('../../lambdas/session/index.ts'),
      import('../../lambdas/enroll/index.ts'),
      import('../../lambdas/verify/index.ts'),
      import('../../lambdas/accounts/index.ts'),
      import('../../lambdas/integrations/index.ts'),
      import('../../lambdas/users/index.ts'),
      import('../../lambdas/transactions/index.ts'),
      import('../../lambdas/automation-composition.ts'),
      import('../../lambdas/backend/index.ts'),
    ],
  );
  return {
    session: session.handler,
    enroll: enroll.handler,
    verify: verify.handler,
    accounts: accounts.handler,
    integrations: integrations.handler,
    users: users.handler,
    transactions: transactions.handler,
    automation: automation.automationHandler(localDestinations),
    backend: backend.handler,
  };
};

/**
 * Starts the whole product on loopback: AWS's parts, the Lambdas behind a local edge, a tenant that runs the built Action, and
 * the demo bank. One platform a process, since the Lambdas read one environment.
 * @throws StartError or ModelError with one sentence for the person at the terminal
 */
export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const parts = new RunningParts();
  const report = options.onProgress ?? (() => {});
  try {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const ports = await choosePorts(options.firstPort);
    const frontDoorSecret = randomBytes(32).toString('base64url');
    const publicOrigin = `http://verified.localhost:${ports.verified}`;
    const { rekognition, mailbox } = await startAws(parts, options, ports);
    setEnvironment({
      ...TABLES,
      PUBLIC_ORIGIN: publicOrigin,
      FRONT_DOOR_SECRET: frontDoorSecret,
      INTEGRATION_KEY_ID: KEYS.integrations,
      FACE_KEY_ID: KEYS.faces,
      FACE_BUCKET: BUCKET,
      LIVENESS_REGION: REGION,
      STREAM_ROLE_ARN: ROLE,
      PORTAL_SIGN_UP: 'closed',
      NOTICE_SENDER: 'verified@harbour-bank.example',
      // Metrics are lines on the terminal; here nobody collects them.
      POWERTOOLS_METRICS_DISABLED: 'true',
      POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] ?? 'WARN',
    });
    const admin = administration(TABLES, KEYS.integrations);
    const issuer = `http://${TENANT_HOST}:${ports.tenant}/`;
    const portal = portalOf(publicOrigin, issuer);
    const seeded = await seed(options.folder, admin, issuer, { domains: [TENANT_HOST], ...options.integration });
    if (options.demoData !== undefined) {
      await addDemoData({
        ...options.demoData,
        tables: TABLES,
        keys: KEYS,
        bucket: BUCKET,
        admin,
        issuer,
        report,
        folder: options.folder,
      });
    }
    const [action, pages, lambdas, localFiles] = await Promise.all([
      buildAction(),
      buildPages(),
      loadLambdas(),
      demoCameraFiles(rekognition.url),
    ]);
    report(`Action (${Math.round(action.bytes / 1000)} kB) and pages built`);
    const { housekeepingHandler } = await import('../../lambdas/housekeeping-composition.ts');
    const run = housekeepingHandler(localDestinations);
    await parts.add(startSchedule({ run, everyMs: HOUSEKEEPING_EVERY_MS }));
    const names = {
      origins: [
        { from: `https://${TENANT_HOST}/`, to: `http://${TENANT_HOST}:${ports.tenant}/` },
        { from: `wss://streaming-rekognition.${REGION}.amazonaws.com`, to: rekognition.url.replace('http:', 'ws:') },
      ],
    };
    const edge = await parts.add(
      startEdge({
        port: ports.verified,
        frontDoorSecret,
        lambdas,
        capturePages: pages.capture,
        captureHeaders: (path) => capturePageHeaders({ livenessRegion: REGION, path }),
        names: () => names,
        portal: { pages: pages.portal, headers: portal.headers, config: portal.config },
        authorize: jwtAuthorizer(portal.authorizer),
        localFiles,
      }),
    );
    report('Verified: API, capture page and portal');
    const bankUrl = `http://bank.localhost:${ports.bank}`;
    /** The bank's two doors are two applications: one asks for the face at every login, one on demand. */
    const faceDoor = {
      clientId: 'harbour-bank',
      clientSecret: seeded.clientSecret,
      name: 'Harbour Bank',
      redirectUris: [`${bankUrl}/callback`],
      logoutUris: [`${bankUrl}/`],
      metadata: {},
    };
    const passwordDoor = {
      ...faceDoor,
      clientId: 'harbour-bank-on-demand',
      metadata: { [APP_METADATA.mode]: 'on-demand' },
    };
    const settings = { INTEGRATION_ID: seeded.integrationId, CAPTURE_URL: publicOrigin, MODE: 'always' };
    const tenant = await parts.add(
      startTenant({
        port: ports.tenant,
        hostname: TENANT_HOST,
        folder: join(options.folder, 'tenant'),
        actions: [await localAction(action.file, settings, seeded.sessionSecret)],
        clients: [faceDoor, passwordDoor, portal.client, INSTALLER_CLIENT],
        seedUsers: SEED_USERS,
        customClaims: [AMR_CLAIM, FACE_AT_CLAIM, EVENT_CLAIM].map((name) => `${DEFAULT_CLAIM_NAMESPACE}${name}`),
        ...(options.tenantLog === undefined ? {} : { log: options.tenantLog }),
      }),
    );
    report('Tenant: login pages and the Action');
    const bank = await parts.add(
      startDemoApp({
        port: ports.bank,
        hostname: 'bank.localhost',
        issuer: tenant.issuer,
        clients: { face: faceDoor, password: passwordDoor },
        claimNamespace: DEFAULT_CLAIM_NAMESPACE,
      }),
    );
    report('Harbour Bank, the demo app');
    return {
      bank: bank.publicUrl,
      verified: edge.url,
      portal: portal.url,
      tenant: tenant.issuer,
      rekognition: rekognition.url,
      mailbox: `http://mailbox.localhost:${new URL(mailbox.url).port}/`,
      integrationId: seeded.integrationId,
      admin,
      close: () => parts.close(),
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
};
