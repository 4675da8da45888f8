import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../lib/create-app.ts';
import type { DistributionRules } from '../../lib/distribution-rules.ts';
import { readSettings } from '../../lib/settings.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { WebStack } from '../../lib/stacks/web-stack.ts';
import { readDistribution } from '../../local/deployed/read-distribution.ts';
import { Resolver } from '../../local/deployed/resolver.ts';
import { readTemplate } from '../../local/deployed/template.ts';
import type { EdgeBehavior } from '../../local/edge/edge-rules.ts';

/** The template of the web stack, with empty pages. */
const webTemplate = async (): Promise<Template> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-edge-'));
  try {
    await mkdir(join(folder, 'page/assets'), { recursive: true });
    const app = createApp(join(folder, 'out'));
    const headers = { 'content-security-policy': "default-src 'none'" };
    const pages = ['capture', 'portal'].map((name) => ({ name, folder: join(folder, 'page'), headers }));
    const settings = readSettings(() => undefined);
    return Template.fromStack(
      new WebStack(app, 'Web', {
        settings,
        data: new DataStack(app, 'Data', { settings }),
        pages,
        certificateArn: null,
        webAclArn: null,
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The rules of the template's distribution, as CloudFront would read them; the headers that it adds have tests of their own. */
export const deployedRules = async (): Promise<DistributionRules> => {
  const web = readTemplate('web', (await webTemplate()).toJSON());
  const place = { region: 'eu-west-1', distributionHost: 'd.cloudfront.net', secretValue: () => 'secret' };
  const { rules } = readDistribution([web], new Resolver([web], place));
  const plain = <One extends EdgeBehavior>({ responseHeaders: _, ...behavior }: One) => behavior;
  return { ...rules, behaviors: rules.behaviors.map(plain), otherwise: plain(rules.otherwise) };
};
