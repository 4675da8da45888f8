import { type App, Stack, Stage } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildUploads } from '../../bin/build-uploads.ts';
import { createApp } from '../../lib/create-app.ts';
import { Verified } from '../../lib/verified.ts';
import type { VerifiedProps } from '../../lib/verified-props.ts';
import { deploymentOf } from './deployment.ts';
import { folderOfApp, removeApps, resourcesIn, teamsApp, templatesIn } from './teams-app.ts';
import { upgradeFaults } from './upgrade-faults.ts';

const ACCOUNT = '111122223333';
const ZONE = 'Z0123456789ABCDEFGHIJ';
const GLOBAL_TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:on-call`;
/** Settings with every stack that there is. */
const SETTINGS = {
  stage: 'prod',
  region: 'eu-west-1',
  account: ACCOUNT,
  waf: true,
  cloudTrail: true,
  alarmEmail: 'oncall@example.com',
  domainName: 'verify.example.com',
  hostedZoneId: ZONE,
} as const satisfies VerifiedProps;

/** A stage deep in a team's app, with everything that only code can pass. */
const makeWithinApp = () => {
  const app = teamsApp();
  const env = { account: ACCOUNT, region: 'eu-west-1' };
  const stage = new Stage(app, 'Production', { env });
  const team = new Stack(stage, 'team', { env });
  const { region: _ofStage, account: _ofStageToo, ...settings } = SETTINGS;
  const login = new Verified(new Construct(stage, 'Platform'), 'Login', {
    ...settings,
    permissionsBoundary: 'teams/boundary',
    tags: { owner: 'identity', stage: 'production' },
    alarmTopic: new Topic(team, 'Topic'),
    globalAlarmTopic: GLOBAL_TOPIC,
  });
  login.grantReadAuditLog(new Role(team, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  return { app, login };
};

type Assembly = ReturnType<App['synth']>;
let ownApp: App;
let own: Assembly;
let within: Assembly;
let login: Verified;
/** Of Verified's stacks within the team's app. */
let resources: ReturnType<typeof resourcesIn>;
const of = (type: string) => resources.filter(({ Type }) => Type === type);

beforeAll(async () => {
  await buildUploads();
  ownApp = createApp(folderOfApp());
  new Verified(ownApp, 'Verified', SETTINGS);
  own = ownApp.synth();
  const made = makeWithinApp();
  login = made.login;
  within = made.app.synth();
  resources = resourcesIn(within).filter(({ place }) => place.startsWith('verified-prod-'));
}, 180_000);
afterAll(removeApps);

/**
 * Without what is no part of a stage's shape: hashes of what is uploaded, and tags that CDK names after the path of a construct, which say
 * what put files into a bucket.
 */
const shapeOf = (template: object): unknown =>
  JSON.parse(
    JSON.stringify(template)
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/(aws-cdk:cr-owned:\w+):[0-9a-f]{8}/g, '$1'),
  );

test('wherever it is in a team’s app, and whatever flags of CDK that has set, the templates are those of its own app', () => {
  const team = teamsApp();
  const stage = new Stage(team, 'Production', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  new Verified(new Construct(stage, 'Platform'), 'Login', SETTINGS);
  const expected = templatesIn(own);
  const found = templatesIn(team.synth());
  expect([...expected.keys()].sort()).toEqual([
    'verified-prod-certificate-eu-west-1',
    'verified-prod-data',
    'verified-prod-firewall-eu-west-1',
    'verified-prod-global-eu-west-1',
    'verified-prod-operations',
    'verified-prod-service',
    'verified-prod-trail',
    'verified-prod-web',
  ]);
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, template] of expected) expect(shapeOf(found.get(name) ?? {}), name).toEqual(shapeOf(template));
});

test('region and account are those of the stage of CDK around it', () => {
  expect(login.stacks.data).toMatchObject({ region: 'eu-west-1', account: ACCOUNT });
});

describe('properties', () => {
  test.each<[VerifiedProps, RegExp]>([
    [{ region: 'eu-nowhere-1' }, /^The settings of Login are wrong:\n {2}region: there is no region/],
    [{ requestsPerSecond: 1 }, /requestsPerSecond: /],
    [{ alarmMail: 'x' } as VerifiedProps, /^Verified has no property alarmMail/],
    [{ permissionsBoundary: '' }, /permissionsBoundary: "" is neither the ARN nor the name/],
    [{ permissionsBoundary: 'arn:aws:iam::1:policy/x' }, /permissionsBoundary: .* is neither/],
    [{ alarmTopic: `arn:aws:sns:eu-west-2:${ACCOUNT}:x` }, /alarmTopic is in eu-west-2; alarms in eu-west-1 can only/],
    [{ globalAlarmTopic: `arn:aws:sns:eu-west-1:${ACCOUNT}:x` }, /globalAlarmTopic is in eu-west-1; .* us-east-1/],
  ])('%j are refused by name', (props, message) => {
    expect(() => new Verified(teamsApp(), 'Login', props)).toThrow(message);
  });

  test('region and account that are given count, not those of the stage of CDK around', () => {
    const stage = new Stage(teamsApp(), 'Production', { env: { account: ACCOUNT, region: 'us-west-2' } });
    expect(new Verified(stage, 'Elsewhere', { region: 'eu-west-1' }).stacks.data.region).toBe('eu-west-1');
  });

  test('a topic is refused if its stack is in another region than the alarms', () => {
    const app = teamsApp();
    const topicIn = (region: string) => new Topic(new Stack(app, `topics-${region}`, { env: { region } }), 'Topic');
    const [here, there] = [topicIn('eu-west-1'), topicIn('us-east-1')];
    const refusal = /^alarmTopic is in us-east-1; alarms in eu-west-1 can only/;
    expect(() => new Verified(app, 'Wrong', { alarmTopic: there })).toThrow(refusal);
    expect(() => new Verified(app, 'Right', { alarmTopic: here, globalAlarmTopic: there })).not.toThrow();
  });

  test('a stack is refused as its scope, since it creates stacks itself', () => {
    expect(() => new Verified(new Stack(teamsApp(), 'team'), 'Login')).toThrow(
      /is in a stack, .* give it the App or a/,
    );
  });
});

test('the permissions boundary is on every role, those of CDK’s own functions included', () => {
  const roles = of('AWS::IAM::Role');
  const names = roles.map(({ place }) => place).join('\n');
  // CDK creates these three at different moments.
  expect(names).toMatch(/CrossRegionExportWriter/);
  expect(names).toMatch(/S3AutoDeleteObjects/);
  expect(names).toMatch(/sessionRole/);
  for (const { place, Properties } of roles)
    expect(JSON.stringify(Properties['PermissionsBoundary']), place).toMatch(/^\{"Fn::Join".*policy\/teams\/boundary"/);
});

test('tags are on everything that has tags, and may replace those of Verified', () => {
  const Tags = z.array(z.object({ Key: z.string(), Value: z.string() }));
  const buckets = of('AWS::S3::Bucket');
  expect(buckets.length).toBe(4);
  for (const { Properties } of buckets)
    expect(Tags.parse(Properties['Tags'])).toEqual(
      expect.arrayContaining([
        { Key: 'application', Value: 'verified' },
        { Key: 'owner', Value: 'identity' },
        { Key: 'stage', Value: 'production' },
      ]),
    );
});

test('alarms notify the topics that were given, and none is created', () => {
  expect(of('AWS::SNS::Topic')).toEqual([]);
  const alarms = (part: string) =>
    of('AWS::CloudWatch::Alarm').filter(({ place }) => place.startsWith(`verified-prod-${part}`));
  expect(alarms('service').length).toBeGreaterThan(10);
  for (const { Properties } of alarms('service'))
    expect(JSON.stringify(Properties['AlarmActions'])).toMatch(
      /^\[\{"Fn::ImportValue":"\w+-team:ExportsOutputRefTopic/,
    );
  expect(alarms('global').map(({ Properties }) => Properties['AlarmActions'])).toEqual([[GLOBAL_TOPIC]]);
});

test('a stage can change to topics of the team and back; it loses only the topic in us-east-1 that they replace', () => {
  const app = teamsApp();
  new Verified(app, 'Verified', {
    ...SETTINGS,
    alarmTopic: `arn:aws:sns:eu-west-1:${ACCOUNT}:on-call`,
    globalAlarmTopic: GLOBAL_TOPIC,
  });
  const [before, after] = [deploymentOf(ownApp), deploymentOf(app)];
  expect(upgradeFaults(before, after)).toEqual([
    expect.stringMatching(/^verified-prod-global-eu-west-1 removes AlarmKey/),
    expect.stringMatching(/^verified-prod-global-eu-west-1 removes Alarms/),
  ]);
  expect(upgradeFaults(after, before)).toEqual([]);
});

test('with a hosted zone, the domain name leads to the distribution, with a certificate from us-east-1', () => {
  expect(login.origin).toBe('https://verify.example.com');
  const [distribution] = of('AWS::CloudFront::Distribution');
  const id = distribution?.place.split(' ')[1] ?? '';
  const records = of('AWS::Route53::RecordSet').map(({ Properties }) => Properties);
  expect(records.map((record) => record['Type'])).toEqual(['A', 'AAAA']);
  for (const record of records)
    expect(record).toMatchObject({
      Name: 'verify.example.com.',
      HostedZoneId: ZONE,
      AliasTarget: { DNSName: { 'Fn::GetAtt': [id, 'DomainName'] } },
    });
  expect(of('AWS::CertificateManager::Certificate')).toMatchObject([
    {
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DomainName: 'verify.example.com',
        DomainValidationOptions: [{ DomainName: 'verify.example.com', HostedZoneId: ZONE }],
        ValidationMethod: 'DNS',
      },
    },
  ]);
  expect(distribution?.Properties['DistributionConfig']).toMatchObject({
    Aliases: ['verify.example.com'],
    ViewerCertificate: {
      AcmCertificateArn: {
        'Fn::GetStackOutput': { StackName: 'verified-prod-certificate-eu-west-1', Region: 'us-east-1' },
      },
    },
  });
  expect(login.stacks.web.dependencies).toContain(login.stacks.certificate);
});

test('the audit log can be read by whom the team names, and nothing else can', () => {
  const policies = resourcesIn(within).filter(
    ({ place, Type }) => / Reader/.test(place) && Type === 'AWS::IAM::Policy',
  );
  const policy = JSON.stringify(policies);
  const tables = new Set([...policy.matchAll(/Tables(\w+?)Table[0-9A-F]{8}/g)].map(([, name]) => name));
  expect([...tables]).toEqual(['Audit']);
  expect(policy).not.toMatch(/dynamodb:(Put|Update|Delete|BatchWrite)/);
  expect([...login.tables.keys()]).toContain('AUDIT_TABLE');
  expect([...login.functions.keys()]).toContain('session');
});
