import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../lib/create-app.ts';
import { readSettings } from '../../lib/settings.ts';
import type { VerifiedStacks } from '../../lib/stage-stacks.ts';
import { Verified } from '../../lib/verified.ts';

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
    cloudTrail: 'on',
    frontDoorGeneration: '2',
  },
} as const satisfies Record<string, Record<string, string>>;

export type Stage = keyof typeof STAGES;

export const synthesize = (stage: Stage) => {
  const settings = readSettings((name) => (STAGES[stage] as Readonly<Record<string, string>>)[name]);
  const app = createApp(mkdtempSync(join(tmpdir(), `verified-cdk-${stage}-`)));
  return { app, settings, stacks: new Verified(app, 'Verified', settings).stacks };
};

type Optional = 'firewall' | 'certificate' | 'trail' | 'global';
export type Templates = Readonly<Record<Exclude<keyof VerifiedStacks, Optional>, Template>> &
  Readonly<Record<Optional, Template | null>>;

const templateOf = (stack: Stack | null): Template | null => (stack === null ? null : Template.fromStack(stack));

/** Of stages whose alarms have a topic of their own. */
export const templatesOf = (stacks: VerifiedStacks): Templates => {
  if (stacks.operations === null) throw new Error('there is no operations stack');
  return {
    firewall: templateOf(stacks.firewall),
    certificate: templateOf(stacks.certificate),
    trail: templateOf(stacks.trail),
    data: Template.fromStack(stacks.data),
    web: Template.fromStack(stacks.web),
    service: Template.fromStack(stacks.service),
    operations: Template.fromStack(stacks.operations),
    global: templateOf(stacks.global),
  };
};
