import { randomBytes } from 'node:crypto';
import type { IntegrationOptionsInput } from '../../contract/api/portal/integration-options.ts';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { capturePageHeaders } from '../../web/capture/security-headers.ts';
import { demoCameraFiles } from '../demo-camera/demo-camera-files.ts';
import { addDemoData } from '../demo-data/add-demo-data.ts';
import { jwtAuthorizer } from '../edge/jwt-authorizer.ts';
import { localizeHeaders } from '../edge/local-names.ts';
import { startEdge } from '../edge/start-edge.ts';
import { startSchedule } from '../schedule/start-schedule.ts';
import { asStartError } from './as-start-error.ts';
import { type Built, buildOnce, type PageHeaders } from './built.ts';
import { prepareDataFolder } from './data-folder.ts';
import { portalOf } from './portal.ts';
import { choosePorts, type Ports } from './ports.ts';
import { RunningParts } from './running-parts.ts';
import { administration, OPERATOR, seed } from './seed.ts';
import { type AwsOptions, BUCKET, KEYS, LIVENESS_REGION, ROLE, setEnvironment, startAws, TABLES } from './start-aws.ts';
import { startTenantAndBank } from './start-tenant-and-bank.ts';

export interface PlatformOptions extends AwsOptions {
  /** First of five consecutive ports; 0 for any free ones. */
  readonly firstPort: number;
  readonly tenantLog?: (line: string) => void;
  /** Options of the integration that the first start creates. */
  readonly integration?: Partial<IntegrationOptionsInput>;
  /** Whether an operator who belongs to no account may create one; closed by default. */
  readonly portalSignUp?: 'open' | 'closed';
  /** Creates this much believable data, once per data folder. */
  readonly demoData?: { readonly people: number; readonly days: number };
  /** What comes from the sources; default `buildOnce`. Called when the functions' environment is complete. */
  readonly build?: ((headers: PageHeaders) => Promise<Built>) | undefined;
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

/** A minute in AWS; here nobody wants to wait for an e-mail. */
const HOUSEKEEPING_EVERY_MS = 2000;
const TENANT_HOST = 'tenant.localhost';

/** The users who can log in to the local tenant from the start. */
export const SEED_USERS = [
  { email: 'alice@example.com', name: 'Alice Anderson', password: 'harbour-alice', emailVerified: true },
  { email: 'bob@example.com', name: 'Bob Brown', password: 'harbour-bob', emailVerified: true },
  OPERATOR,
] as const;

/** What CDK gives the Lambdas in AWS. */
const configureLambdas = (
  publicOrigin: string,
  frontDoorSecret: string,
  portalSignUp: PlatformOptions['portalSignUp'] = 'closed',
): void =>
  setEnvironment({
    ...TABLES,
    PUBLIC_ORIGIN: publicOrigin,
    FRONT_DOOR_SECRET: frontDoorSecret,
    INTEGRATION_KEY_ID: KEYS.integrations,
    FACE_KEY_ID: KEYS.faces,
    FACE_BUCKET: BUCKET,
    LIVENESS_REGION,
    STREAM_ROLE_ARN: ROLE,
    PORTAL_SIGN_UP: portalSignUp,
    NOTICE_SENDER: 'verified@harbour-bank.example',
    // Metrics are lines on the terminal; here nobody collects them.
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] ?? 'WARN',
  });

interface ServiceParts {
  readonly parts: RunningParts;
  readonly ports: Ports;
  readonly frontDoorSecret: string;
  readonly portal: ReturnType<typeof portalOf>;
  readonly rekognitionUrl: string;
  readonly report: (line: string) => void;
  readonly build: (headers: PageHeaders) => Promise<Built>;
}

/** The Lambdas behind the local edge, and what AWS's scheduler runs. */
const startService = async (service: ServiceParts) => {
  const { parts, ports, frontDoorSecret, portal, rekognitionUrl, report } = service;
  const names = {
    origins: [
      { from: `https://${TENANT_HOST}/`, to: `http://${TENANT_HOST}:${ports.tenant}/` },
      {
        from: `wss://streaming-rekognition.${LIVENESS_REGION}.amazonaws.com`,
        to: rekognitionUrl.replace('http:', 'ws:'),
      },
    ],
  };
  const headers: PageHeaders = {
    capture: (path) => localizeHeaders(capturePageHeaders({ livenessRegion: LIVENESS_REGION, path }), names),
    portal: portal.headers,
  };
  const [built, localFiles] = await Promise.all([parts.add(service.build(headers)), demoCameraFiles(rekognitionUrl)]);
  const { functions, pages } = built;
  report(`Action (${Math.round(built.action.bytes / 1000)} kB) and pages built`);
  await parts.add(startSchedule({ run: () => functions().housekeeping(), everyMs: HOUSEKEEPING_EVERY_MS }));
  const edge = await parts.add(
    startEdge({
      port: ports.verified,
      frontDoorSecret,
      lambdas: () => functions().handlers,
      routes: () => functions().routes,
      front: built.front,
      capturePages: pages.capture,
      captureHeaders: headers.capture,
      names: () => names,
      portal: { pages: pages.portal, headers: headers.portal, config: portal.config },
      authorize: jwtAuthorizer(portal.authorizer),
      localFiles,
    }),
  );
  report('Verified: API, capture page and portal');
  return { edge, built };
};

/**
 * Starts the whole product on loopback: AWS's parts, the Lambdas behind a local edge, a tenant that runs the built Action, and
 * the demo bank. One platform per process, since the Lambdas read one environment.
 * @throws StartError or ModelError with one sentence for the person at the terminal
 */
export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const parts = new RunningParts();
  const { folder, onProgress: report = () => {} } = options;
  try {
    await prepareDataFolder(folder);
    const ports = await choosePorts(options.firstPort);
    const frontDoorSecret = randomBytes(32).toString('base64url');
    const publicOrigin = `http://verified.localhost:${ports.verified}`;
    const issuer = `http://${TENANT_HOST}:${ports.tenant}/`;
    const { rekognition, mailbox } = await startAws(parts, options, ports);
    configureLambdas(publicOrigin, frontDoorSecret, options.portalSignUp);
    const admin = administration(TABLES, KEYS.integrations);
    const portal = portalOf(publicOrigin, issuer);
    const seeded = await seed(folder, admin, issuer, { domains: [TENANT_HOST], ...options.integration });
    if (options.demoData !== undefined) {
      const data = { ...options.demoData, tables: TABLES, keys: KEYS, bucket: BUCKET };
      await addDemoData({ ...data, clock: () => fromMilliseconds(Date.now()), admin, issuer, report, folder });
    }
    const { build = buildOnce } = options;
    const service = { parts, ports, frontDoorSecret, portal, rekognitionUrl: rekognition.url, report, build };
    const { edge, built } = await startService(service);
    const { tenant, bank, installAction } = await startTenantAndBank(parts, {
      folder,
      ports,
      tenantHost: TENANT_HOST,
      captureUrl: publicOrigin,
      actionFile: built.action.file,
      seeded,
      portalClient: portal.client,
      users: SEED_USERS,
      report,
      ...(options.tenantLog === undefined ? {} : { tenantLog: options.tenantLog }),
    });
    built.onTenant?.(installAction);
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
    throw asStartError(error, folder);
  }
};
