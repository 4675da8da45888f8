import { randomBytes } from 'node:crypto';
import type { IntegrationOptionsInput } from '../../contract/api/portal/integration-options.ts';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { addDemoData } from '../demo-data/add-demo-data.ts';
import { asStartError } from './as-start-error.ts';
import { LIVENESS_REGION, LOCAL_RESOURCES, NOTICE_SENDER, type ResourceNames } from './aws-resources.ts';
import { type Built, buildOnce, type PageHeaders } from './built.ts';
import { prepareDataFolder } from './data-folder.ts';
import type { Deployment, DeploymentSite } from './deployment.ts';
import { portalOf } from './portal.ts';
import { choosePorts, type Ports } from './ports.ts';
import { RunningParts } from './running-parts.ts';
import { administration, OPERATOR, seed } from './seed.ts';
import { edgeSettings, localNamesOf, startService } from './service.ts';
import { type AwsOptions, quietLogs, setEnvironment, startAws } from './start-aws.ts';
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
  /** Takes tables, functions, roles, routes and the edge from the templates; default: the platform decides itself. */
  readonly deploy?: ((site: DeploymentSite) => Promise<Deployment>) | undefined;
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

const TENANT_HOST = 'tenant.localhost';

/** The users who can log in to the local tenant from the start. */
export const SEED_USERS = [
  { email: 'alice@example.com', name: 'Alice Anderson', password: 'harbour-alice', emailVerified: true },
  { email: 'bob@example.com', name: 'Bob Brown', password: 'harbour-bob', emailVerified: true },
  OPERATOR,
] as const;

/** What CDK gives the Lambdas in AWS. */
const configureLambdas = (
  { tables, keys, bucket, streamRole }: ResourceNames,
  service: { readonly publicOrigin: string; readonly frontDoorSecret: string; readonly portalSignUp: string },
): void =>
  setEnvironment({
    ...tables,
    PUBLIC_ORIGIN: service.publicOrigin,
    FRONT_DOOR_SECRET: service.frontDoorSecret,
    INTEGRATION_KEY_ID: keys.integrations,
    FACE_KEY_ID: keys.faces,
    FACE_BUCKET: bucket,
    LIVENESS_REGION,
    STREAM_ROLE_ARN: streamRole,
    PORTAL_SIGN_UP: service.portalSignUp,
    NOTICE_SENDER,
    ...quietLogs(),
  });

/** Addresses that follow from the ports, and how operators sign in there. */
const placeOf = (ports: Ports) => {
  const publicOrigin = `http://verified.localhost:${ports.verified}`;
  const issuer = `http://${TENANT_HOST}:${ports.tenant}/`;
  return { ports, publicOrigin, issuer, portal: portalOf(publicOrigin, issuer) };
};
type Place = ReturnType<typeof placeOf>;

/** What AWS holds, and the functions' configuration: the platform's own, or a deployment's. */
const startCloud = async (parts: RunningParts, options: PlatformOptions, place: Place) => {
  const { publicOrigin, issuer, portal, ports } = place;
  const { portalSignUp = 'closed' } = options;
  const site = { publicOrigin, issuer, audience: portal.authorizer.audience, portalSignUp };
  const deployment = options.deploy === undefined ? null : await parts.add(options.deploy(site));
  const resources = deployment?.resources ?? LOCAL_RESOURCES;
  const started = await startAws(parts, options, ports, resources);
  const local = localNamesOf(TENANT_HOST, ports, started.rekognition.url);
  if (deployment !== null) {
    const build = () => deployment.build(started.credentials);
    return { ...started, names: resources.names, local, edge: deployment.edge(local), build };
  }
  const frontDoorSecret = randomBytes(32).toString('base64url');
  configureLambdas(resources.names, { publicOrigin, frontDoorSecret, portalSignUp });
  const edge = edgeSettings(frontDoorSecret, portal, local);
  return { ...started, names: resources.names, local, edge, build: options.build ?? buildOnce };
};

/** What an admin and operators did before: an account with an integration, and on request a month of logins. */
const addData = async (options: PlatformOptions, names: ResourceNames, issuer: string) => {
  const { folder, demoData, onProgress: report = () => {} } = options;
  const admin = administration(names.tables, names.keys.integrations);
  const seeded = await seed(folder, admin, issuer, { domains: [TENANT_HOST], ...options.integration });
  if (demoData !== undefined) {
    const { tables, keys, bucket } = names;
    const data = { ...demoData, tables, keys, bucket };
    await addDemoData({ ...data, clock: () => fromMilliseconds(Date.now()), admin, issuer, report, folder });
  }
  return { admin, seeded };
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
    const place = placeOf(await choosePorts(options.firstPort));
    const { ports, publicOrigin, portal } = place;
    const { names, local, rekognition, mailbox, ...cloud } = await startCloud(parts, options, place);
    const { admin, seeded } = await addData(options, names, place.issuer);
    const service = { ports, edge: cloud.edge, names: local, rekognitionUrl: rekognition.url, report };
    const { edge, built } = await startService(parts, { ...service, build: cloud.build });
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
