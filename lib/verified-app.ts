import { fileURLToPath } from 'node:url';
import { App, Tags } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { capturePageHeaders } from '../web/capture/security-headers.ts';
import { portalPageHeaders } from '../web/portal/security-headers.ts';
import type { Page } from './constructs/page-site.ts';
import { issuerOriginsOf } from './constructs/portal-sign-in.ts';
import type { Settings } from './settings.ts';
import { DataStack } from './stacks/data-stack.ts';
import { FIREWALL_REGION, FirewallStack } from './stacks/firewall-stack.ts';
import { OperationsStack } from './stacks/operations-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { WebStack } from './stacks/web-stack.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const pagesOf = ({ livenessRegion }: Settings, issuerOrigins: readonly string[]): readonly Page[] => [
  {
    name: 'capture',
    folder: `${DIST}web/capture`,
    headers: capturePageHeaders({ livenessRegion, path: '/capture/' }),
  },
  {
    name: 'portal',
    folder: `${DIST}web/portal`,
    headers: portalPageHeaders({ issuerOrigins, path: '/portal/' }),
  },
];

export interface VerifiedStacks {
  /** Only if the settings request a web ACL. */
  readonly firewall: FirewallStack | null;
  readonly data: DataStack;
  readonly web: WebStack;
  readonly service: ServiceStack;
  readonly operations: OperationsStack;
}

/** An app with the feature flags of cdk.json, which otherwise only CDK's command line sets. */
export const createApp = (outdir: string): App => new App({ outdir, context: cdkJson.context });

/** All stacks of one stage. The pages have to be built first. */
export const addVerified = (app: App, settings: Settings): VerifiedStacks => {
  const { stage, region, account } = settings;
  const env = { region, ...(account === undefined ? {} : { account }) };
  const name = (part: string): string => `verified-${stage}-${part}`;
  const data = new DataStack(app, name('data'), {
    env,
    description: 'Verified: tables, keys and faces; retained',
    terminationProtection: true,
  });
  const pages = pagesOf(settings, issuerOriginsOf(settings, data));
  const firewall = settings.waf
    ? new FirewallStack(app, name('firewall'), {
        env: { ...env, region: FIREWALL_REGION },
        description: 'Verified: web ACL of the distribution',
        crossRegionReferences: true,
        requestsPerAddress: settings.wafRequestsPerAddress,
      })
    : null;
  const web = new WebStack(app, name('web'), {
    env,
    description: 'Verified: the one origin',
    crossRegionReferences: firewall !== null,
    settings,
    data,
    pages,
    webAclArn: firewall?.webAclArn ?? settings.webAclArn ?? null,
  });
  const service = new ServiceStack(app, name('service'), {
    env,
    description: 'Verified: the service',
    settings,
    data,
    web,
  });
  const operations = new OperationsStack(app, name('operations'), {
    env,
    description: 'Verified: alarms and dashboard',
    settings,
    web,
    service,
  });
  Tags.of(app).add('application', 'verified');
  Tags.of(app).add('stage', stage);
  return { firewall, data, web, service, operations };
};
