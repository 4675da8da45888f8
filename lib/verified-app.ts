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
import { GLOBAL_REGION, GlobalStack } from './stacks/global-stack.ts';
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
  readonly operations: OperationsStack;
  readonly web: WebStack;
  readonly service: ServiceStack;
  /** Only if the settings say whom to notify. */
  readonly global: GlobalStack | null;
}

/** An app with the feature flags of cdk.json, which otherwise only CDK's command line sets. */
export const createApp = (outdir: string): App => new App({ outdir, context: cdkJson.context });

const environmentOf = ({ region, account }: Settings) => ({ region, ...(account === undefined ? {} : { account }) });

/** Name of a stack in us-east-1: with the stage's own region, so that the same stage in two regions has two of them. */
const nameElsewhere = ({ stage, region }: Settings, part: string): string => `verified-${stage}-${part}-${region}`;

const addFirewall = (app: App, settings: Settings): FirewallStack | null =>
  settings.waf
    ? new FirewallStack(app, nameElsewhere(settings, 'firewall'), {
        env: { ...environmentOf(settings), region: FIREWALL_REGION },
        description: 'Verified: web ACL of the distribution',
        crossRegionReferences: true,
        requestsPerAddress: settings.wafRequestsPerAddress,
      })
    : null;

const addGlobal = (app: App, settings: Settings, web: WebStack): GlobalStack | null =>
  settings.alarmEmail === undefined
    ? null
    : new GlobalStack(app, nameElsewhere(settings, 'global'), {
        env: { ...environmentOf(settings), region: GLOBAL_REGION },
        description: 'Verified: alarms of the distribution, and the budget',
        settings,
        web,
      });

/** All stacks of one stage. The pages have to be built first. */
export const addVerified = (app: App, settings: Settings): VerifiedStacks => {
  const env = environmentOf(settings);
  const name = (part: string): string => `verified-${settings.stage}-${part}`;
  const data = new DataStack(app, name('data'), {
    env,
    description: 'Verified: tables, keys and faces; retained',
    settings,
    // Not a protection against losing data, which stays in any case: without it, `cdk destroy --all` would leave tables that no later
    // deployment knows. CDK sets it before it creates anything, so a failed first creation needs a command (docs/runbook.md).
    terminationProtection: true,
  });
  const firewall = addFirewall(app, settings);
  const operations = new OperationsStack(app, name('operations'), {
    env,
    description: 'Verified: where alarms go',
    settings,
  });
  const web = new WebStack(app, name('web'), {
    env,
    description: 'Verified: the one origin',
    crossRegionReferences: firewall !== null,
    settings,
    data,
    pages: pagesOf(settings, issuerOriginsOf(settings, data)),
    webAclArn: firewall?.webAclArn ?? settings.webAclArn ?? null,
  });
  const service = new ServiceStack(app, name('service'), {
    env,
    description: 'Verified: the service, its alarms and its dashboard',
    settings,
    data,
    web,
    alarmTopic: operations.topic,
  });
  const global = addGlobal(app, settings, web);
  // `cdk destroy --all` goes backwards and ends at the data stack, which refuses: whatever does not depend on it would be left.
  for (const stack of [firewall, operations, global]) stack?.addStackDependency(data);
  Tags.of(app).add('application', 'verified');
  Tags.of(app).add('stage', settings.stage);
  return { firewall, data, operations, web, service, global };
};
