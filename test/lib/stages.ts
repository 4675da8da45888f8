import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../lib/settings.ts';
import { addVerified, createApp, type VerifiedStacks } from '../../lib/verified-app.ts';

const ACCOUNT = '111122223333';

/** Three typical deployments: minimal, with everything, and in a region without Rekognition. */
export const STAGES = {
  dev: { stage: 'dev' },
  staging: {
    stage: 'staging',
    region: 'eu-central-1',
    livenessRegion: 'eu-west-1',
    account: ACCOUNT,
    accountConcurrency: '1000',
    domainName: 'verify.example.com',
    certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
    webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/verified/00000000-0000-0000-0000-000000000000`,
    alarmEmail: 'oncall@example.com',
    noticeSender: 'verified@example.com',
    monthlyBudgetUsd: '500',
    oidcIssuer: 'https://login.example.com',
    oidcAudience: 'verified-portal',
  },
  prod: {
    stage: 'prod',
    region: 'eu-north-1',
    livenessRegion: 'eu-west-1',
    alarmEmail: 'oncall@example.com',
    accountConcurrency: '1000',
    waf: 'on',
    frontDoorGeneration: '2',
  },
} as const satisfies Record<string, Record<string, string>>;

export type Stage = keyof typeof STAGES;

export const synthesize = (stage: Stage) => {
  const settings = readSettings((name) => (STAGES[stage] as Readonly<Record<string, string>>)[name]);
  const app = createApp(mkdtempSync(join(tmpdir(), `verified-cdk-${stage}-`)));
  return { app, settings, stacks: addVerified(app, settings) };
};

export type Templates = Readonly<Record<Exclude<keyof VerifiedStacks, 'firewall' | 'global'>, Template>> & {
  readonly firewall: Template | null;
  readonly global: Template | null;
};

export const templatesOf = (stacks: VerifiedStacks): Templates => ({
  firewall: stacks.firewall === null ? null : Template.fromStack(stacks.firewall),
  data: Template.fromStack(stacks.data),
  web: Template.fromStack(stacks.web),
  service: Template.fromStack(stacks.service),
  operations: Template.fromStack(stacks.operations),
  global: stacks.global === null ? null : Template.fromStack(stacks.global),
});
