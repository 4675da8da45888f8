import { readFileSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import { z } from 'zod';

/** Services that keep a name once for all regions of an account (IAM, CloudFront, Budgets, dashboards) or of all accounts (S3). */
const ACCOUNT_WIDE =
  /^AWS::(IAM::(Role|ManagedPolicy|User|Group|InstanceProfile)|CloudFront|S3::Bucket$|Budgets|CloudWatch::Dashboard|Route53)/;

const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })),
});

/** Names in the properties, at the top or in the one object that CloudFront keeps them in (`…Config`). */
const namesIn = (properties: unknown, inner = false): readonly string[] =>
  Object.entries((properties ?? {}) as Record<string, unknown>).flatMap(([key, value]) => {
    if (/^(Name|\w+Name)$/.test(key) && key !== 'DomainName') return [JSON.stringify(value)];
    return !inner && /^(\w+Config|Budget)$/.test(key) ? namesIn(value, true) : [];
  });

/** Fixed names that exist once in an account, with their type; and the stacks outside the stage's own region. */
export const accountWideNames = (app: App): readonly string[] =>
  app.synth().stacks.flatMap(({ stackName, environment, templateFullPath }) => {
    const { Resources } = Template.parse(JSON.parse(readFileSync(templateFullPath, 'utf8')));
    const names = Object.values(Resources).flatMap(({ Type, Properties }) =>
      ACCOUNT_WIDE.test(Type) ? namesIn(Properties).map((name) => `${Type} ${name}`) : [],
    );
    return [`stack ${stackName} in ${environment.region}`, ...names];
  });
