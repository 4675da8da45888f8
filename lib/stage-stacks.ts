import type { Construct } from 'constructs';
import { PORTAL_PAGE_PATH } from '../contract/api/portal/sign-in.ts';
import { CAPTURE_PAGE_PATH } from '../contract/api/session-handle.ts';
import { capturePageHeaders } from '../web/capture/security-headers.ts';
import { portalPageHeaders } from '../web/portal/security-headers.ts';
import { pageFolder } from './built-files.ts';
import type { Page } from './constructs/page-site.ts';
import { issuerOriginsOf } from './constructs/portal-sign-in.ts';
import type { Settings } from './settings.ts';
import { CERTIFICATE_REGION, CertificateStack } from './stacks/certificate-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { FIREWALL_REGION, FirewallStack } from './stacks/firewall-stack.ts';
import { GLOBAL_REGION, GlobalStack } from './stacks/global-stack.ts';
import { OperationsStack } from './stacks/operations-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { TrailStack } from './stacks/trail-stack.ts';
import { WebStack } from './stacks/web-stack.ts';
import type { VerifiedProps } from './verified-props.ts';

const pagesOf = ({ livenessRegion }: Settings, issuerOrigins: readonly string[]): readonly Page[] => [
  {
    name: 'capture',
    folder: pageFolder('capture'),
    headers: capturePageHeaders({ livenessRegion, path: CAPTURE_PAGE_PATH }),
  },
  {
    name: 'portal',
    folder: pageFolder('portal'),
    headers: portalPageHeaders({ issuerOrigins, path: PORTAL_PAGE_PATH }),
  },
];

export interface VerifiedStacks {
  /** Only if the settings request a web ACL. */
  readonly firewall: FirewallStack | null;
  /** Only if the settings name a hosted zone and no certificate. */
  readonly certificate: CertificateStack | null;
  readonly data: DataStack;
  /** Not if alarms go to a topic that was given. */
  readonly operations: OperationsStack | null;
  /** Only if the settings request a trail. */
  readonly trail: TrailStack | null;
  readonly web: WebStack;
  readonly service: ServiceStack;
  /** Only if the settings say whom to notify, or a topic for it was given. */
  readonly global: GlobalStack | null;
}

type Topics = Pick<VerifiedProps, 'alarmTopic' | 'globalAlarmTopic'>;

const environmentOf = ({ region, account }: Settings) => ({ region, ...(account === undefined ? {} : { account }) });

/** Name and place of a stack in the stage's own region. The name is given: without it, it would contain the ids of the constructs around. */
const here = (settings: Settings, part: string) => ({
  stackName: `verified-${settings.stage}-${part}`,
  env: environmentOf(settings),
});

/** Name and place of a stack in us-east-1: with the stage's own region, so that the same stage in two regions has two of them. */
const elsewhere = (settings: Settings, part: string, region: string) => ({
  stackName: `verified-${settings.stage}-${part}-${settings.region}`,
  env: { ...environmentOf(settings), region },
});

const addFirewall = (scope: Construct, settings: Settings): FirewallStack | null => {
  if (!settings.waf) return null;
  const place = elsewhere(settings, 'firewall', FIREWALL_REGION);
  return new FirewallStack(scope, place.stackName, {
    ...place,
    description: 'Verified: web ACL of the distribution',
    crossRegionReferences: true,
    requestsPerAddress: settings.wafRequestsPerAddress,
  });
};

const addCertificate = (scope: Construct, settings: Settings): CertificateStack | null => {
  const { domainName, hostedZoneId, certificateArn } = settings;
  if (domainName === undefined || hostedZoneId === undefined || certificateArn !== undefined) return null;
  const place = elsewhere(settings, 'certificate', CERTIFICATE_REGION);
  return new CertificateStack(scope, place.stackName, {
    ...place,
    description: 'Verified: certificate of the domain name',
    domainName,
    hostedZoneId,
    stageRegion: settings.region,
  });
};

const addOperations = (scope: Construct, settings: Settings, { alarmTopic }: Topics): OperationsStack | null => {
  if (alarmTopic !== undefined) return null;
  const place = here(settings, 'operations');
  return new OperationsStack(scope, place.stackName, { ...place, description: 'Verified: where alarms go', settings });
};

const addGlobal = (scope: Construct, settings: Settings, web: WebStack, topics: Topics): GlobalStack | null => {
  const { globalAlarmTopic } = topics;
  if (settings.alarmEmail === undefined && globalAlarmTopic === undefined) return null;
  const place = elsewhere(settings, 'global', GLOBAL_REGION);
  return new GlobalStack(scope, place.stackName, {
    ...place,
    description: 'Verified: alarms of the distribution, and the budget',
    settings,
    web,
    ...(globalAlarmTopic === undefined ? {} : { alarmTopic: globalAlarmTopic }),
  });
};

const addTrail = (scope: Construct, settings: Settings, data: DataStack): TrailStack | null => {
  if (!settings.cloudTrail) return null;
  const place = here(settings, 'trail');
  return new TrailStack(scope, place.stackName, {
    ...place,
    description: 'Verified: trail of faces and audit log; its files are retained',
    settings,
    data,
  });
};

const addData = (scope: Construct, settings: Settings): DataStack => {
  const place = here(settings, 'data');
  return new DataStack(scope, place.stackName, {
    ...place,
    description: 'Verified: tables, keys and faces; retained',
    settings,
    // Not a protection against losing data, which stays in any case: without it, `cdk destroy --all` would leave tables that no later
    // deployment knows. CDK sets it before it creates anything, so a failed first creation needs a command (docs/runbook.md).
    terminationProtection: true,
  });
};

/** All stacks of one stage. What they upload has to be built first (built-files.ts). */
export const makeStacks = (scope: Construct, settings: Settings, topics: Topics): VerifiedStacks => {
  const data = addData(scope, settings);
  const firewall = addFirewall(scope, settings);
  const certificate = addCertificate(scope, settings);
  const operations = addOperations(scope, settings, topics);
  const trail = addTrail(scope, settings, data);
  const forWeb = here(settings, 'web');
  const web = new WebStack(scope, forWeb.stackName, {
    ...forWeb,
    description: 'Verified: the one origin',
    crossRegionReferences: firewall !== null,
    settings,
    data,
    pages: pagesOf(settings, issuerOriginsOf(settings, data)),
    certificateArn: certificate?.certificateArn ?? settings.certificateArn ?? null,
    webAclArn: firewall?.webAclArn ?? settings.webAclArn ?? null,
  });
  if (certificate !== null) web.addStackDependency(certificate);
  const forService = here(settings, 'service');
  const alarmTopic = topics.alarmTopic ?? operations?.topic;
  if (alarmTopic === undefined) throw new Error('there is no topic for alarms');
  const service = new ServiceStack(scope, forService.stackName, {
    ...forService,
    description: 'Verified: the service, its alarms and its dashboard',
    settings,
    data,
    web,
    alarmTopic,
  });
  const global = addGlobal(scope, settings, web, topics);
  // `cdk destroy --all` goes backwards and ends at the data stack, which refuses: whatever does not depend on it would be left.
  for (const stack of [firewall, certificate, operations, trail, global]) stack?.addStackDependency(data);
  return { firewall, certificate, data, operations, trail, web, service, global };
};
