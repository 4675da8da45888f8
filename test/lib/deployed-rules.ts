import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { createApp } from '../../lib/create-app.ts';
import type { DistributionRules } from '../../lib/distribution-rules.ts';
import { readSettings } from '../../lib/settings.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { WebStack } from '../../lib/stacks/web-stack.ts';

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
        data: new DataStack(app, 'Data', {}),
        pages,
        certificateArn: null,
        webAclArn: null,
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const Behavior = z.object({
  AllowedMethods: z.array(z.string()),
  TargetOriginId: z.string(),
  FunctionAssociations: z
    .array(
      z.object({
        EventType: z.literal('viewer-request'),
        FunctionARN: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('FunctionARN')]) }),
      }),
    )
    .length(1),
});
const Config = z.object({
  CacheBehaviors: z.array(Behavior.extend({ PathPattern: z.string() })),
  DefaultCacheBehavior: Behavior,
  CustomErrorResponses: z.array(z.strictObject({ ErrorCode: z.number(), ErrorCachingMinTTL: z.number() })).default([]),
  Origins: z.array(z.object({ Id: z.string(), S3OriginConfig: z.object({}).optional() })),
});

/** The rules of the template's distribution, as CloudFront would read them. */
export const deployedRules = async (): Promise<DistributionRules> => {
  const template = await webTemplate();
  const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const config = Config.parse(distribution?.['Properties'].DistributionConfig);
  const functions = template.findResources('AWS::CloudFront::Function');
  const behaviorOf = (behavior: z.infer<typeof Behavior>) => {
    const [name] = behavior.FunctionAssociations[0]?.FunctionARN['Fn::GetAtt'] ?? [''];
    const origin = config.Origins.find(({ Id }) => Id === behavior.TargetOriginId);
    return {
      origin: origin?.S3OriginConfig === undefined ? ('api' as const) : ('pages' as const),
      methods: behavior.AllowedMethods,
      viewerRequest: String(functions[name]?.['Properties'].FunctionCode),
    };
  };
  return {
    behaviors: config.CacheBehaviors.map((one) => ({ pattern: one.PathPattern, ...behaviorOf(one) })),
    otherwise: behaviorOf(config.DefaultCacheBehavior),
    keptErrorSeconds: Object.fromEntries(
      config.CustomErrorResponses.map(({ ErrorCode, ErrorCachingMinTTL }) => [ErrorCode, ErrorCachingMinTTL]),
    ),
  };
};
