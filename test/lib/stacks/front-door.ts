import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SESSION_TOKEN_MAX_LENGTH } from '../../../contract/protocol/session-token.ts';
import { FrontDoorSecrets } from '../../../lib/constructs/front-door-secrets.ts';
import { STAGES, type Stage } from '../stages.ts';
import { of } from './made-stages.ts';

test('T77 expensive and sensitive routes have their own limits, created after the routes and below the overall limit', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { service, web } = of(stage).templates;
    web.resourceCountIs('AWS::ApiGatewayV2::Stage', 0);
    const Limit = z.object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() });
    const ApiStage = z.looseObject({
      // Strict: detailed metrics are billed by route and kind.
      Properties: z.looseObject({ DefaultRouteSettings: Limit.strict(), RouteSettings: z.record(z.string(), Limit) }),
      DependsOn: z.array(z.string()),
    });
    const [api] = z
      .array(ApiStage)
      .length(1)
      .parse(Object.values(service.findResources('AWS::ApiGatewayV2::Stage')));
    if (api === undefined) throw new Error('no stage');
    const settings = api.Properties.RouteSettings;
    const whole = api.Properties.DefaultRouteSettings.ThrottlingRateLimit;
    expect(whole).toBe(of(stage).settings.requestsPerSecond);
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of Object.values(settings)) {
      expect(ThrottlingRateLimit).toBeGreaterThan(0);
      expect(ThrottlingRateLimit).toBeLessThanOrEqual(whole / 2);
      expect(ThrottlingBurstLimit).toBeGreaterThan(ThrottlingRateLimit);
    }
    const sensitive = [
      'GET /s/{integrationId}',
      'POST /api/enroll/liveness',
      'POST /api/verify/liveness',
      'POST /api/session/code',
      'POST /api/portal/account',
      'POST /api/portal/people/invitations',
      'POST /api/portal/user/photo',
    ];
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(sensitive));
    // API Gateway refuses settings of routes that do not exist yet.
    const routes = Object.entries(service.findResources('AWS::ApiGatewayV2::Route'));
    const limited = routes.filter(([, { Properties }]) => Properties['RouteKey'] in settings).map(([id]) => id);
    expect(limited).toHaveLength(Object.keys(settings).length);
    expect(api.DependsOn).toEqual(expect.arrayContaining(limited));
  }
});

test('T71 T73 the API answers only through the distribution, which caches none of it and logs no path', () => {
  const { web, service } = of('prod').templates;
  const distribution = Object.values(web.findResources('AWS::CloudFront::Distribution'))[0]?.['Properties'];
  const { CacheBehaviors, Origins, Logging } = distribution['DistributionConfig'];
  for (const path of ['/api/*', '/s/*']) {
    const behavior = CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
    // AWS's managed policy CachingDisabled.
    expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    expect(behavior.ViewerProtocolPolicy).toBe('https-only');
  }
  expect(Logging).toBeUndefined();
  expect(JSON.stringify(Origins)).toContain('x-verified-origin');
  expect(JSON.stringify(Origins)).toContain('{{resolve:secretsmanager:');
  expect(JSON.stringify(service.findResources('AWS::ApiGatewayV2::Stage'))).not.toMatch(/\$context\.(path|http)/);
  for (const { Properties } of Object.values(service.findResources('AWS::Lambda::Function'))) {
    const secret = Properties['Environment'].Variables['FRONT_DOOR_SECRET'];
    if (secret !== undefined) expect(JSON.stringify(secret)).toContain('{{resolve:secretsmanager:');
  }
});

/** Which value of the front door's secrets something refers to: `slot key`, of each reference. */
const secretsIn = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/Generation(\d)Secret\w*"\},":SecretString:(\w*)::/g)].map(
    ([, slot = '', key = '']) => `${slot} ${key}`,
  );

/** A stack of the front door's secrets alone. */
const frontDoor = (generation: number) => {
  const stack = new Stack(new App(), 'Web');
  const { sent, accepted } = new FrontDoorSecrets(stack, 'FrontDoor', generation);
  const template = Template.fromStack(stack);
  const secrets = template.findResources('AWS::SecretsManager::Secret');
  return {
    sent: secretsIn(stack.resolve(sent)),
    accepted: secretsIn(stack.resolve(accepted)),
    /** How each slot's value is made: another text makes another value. */
    made: Object.fromEntries(
      Object.entries(secrets).map(([id, { Properties }]) => [
        id.replace(/\D+(\d).*/, '$1'),
        JSON.stringify(Properties['GenerateSecretString']),
      ]),
    ),
    exported: Object.keys(template.toJSON()['Outputs']).sort(),
  };
};

test('T13 the front door’s secret is replaced without a refused request: the one sent is already accepted by all functions', () => {
  for (const stage of ['dev', 'prod'] as const) {
    const { web, service, settings } = { ...of(stage).templates, ...of(stage) };
    const expected = frontDoor(settings.frontDoorGeneration);
    const [distribution] = Object.values(web.findResources('AWS::CloudFront::Distribution'));
    expect(secretsIn(distribution)).toEqual(expected.sent);
    for (const { Properties } of Object.values(service.findResources('AWS::Lambda::Function'))) {
      const accepted = Properties['Environment']?.Variables['FRONT_DOOR_SECRET'];
      if (accepted !== undefined) expect(JSON.stringify(accepted).match(/Generation\dSecret/g)).toHaveLength(2);
    }
  }
  for (let now = 1; now < 9; now += 1) {
    const [before, after] = [frontDoor(now), frontDoor(now + 1)];
    expect(before.accepted).toHaveLength(2);
    expect(before.accepted).toEqual([...before.sent, ...after.sent]);
    // No generation is sent again under the same reference, which CloudFormation would not resolve again.
    expect(after.sent).not.toEqual(before.sent);
    // The values that the present distribution and functions hold stay, also if the deployment is rolled back.
    for (const slot of before.accepted.map((value) => value.slice(0, 1))) {
      expect(after.made[slot], `${now} → ${now + 1}`).toBe(before.made[slot]);
    }
    // Whatever the generation, the service finds the exports that its present version imports.
    expect(after.exported).toEqual(before.exported);
  }
});

test('T13 three generations later a slot has another value, made and named anew', () => {
  for (const now of [1, 2, 3, 4, 7]) {
    const [before, after] = [frontDoor(now), frontDoor(now + 3)];
    expect(after.sent).not.toEqual(before.sent);
    expect(after.sent[0]?.slice(0, 1)).toBe(before.sent[0]?.slice(0, 1));
    const slot = before.sent[0]?.slice(0, 1) ?? '';
    expect(after.made[slot]).not.toBe(before.made[slot]);
  }
});

test('T71 T77 the web ACL limits each address, lets long signed links through, and keeps no sample of a request', () => {
  const { firewall, web } = of('prod').templates;
  expect(of('dev').templates.firewall).toBeNull();
  const acl = Object.values(firewall?.findResources('AWS::WAFv2::WebACL') ?? {})[0]?.['Properties'];
  expect(acl.Scope).toBe('CLOUDFRONT');
  expect(of('prod').stacks.firewall?.region).toBe('us-east-1');
  expect(JSON.stringify(acl)).not.toContain('"SampledRequestsEnabled":true');
  expect(acl.Rules[0].Statement.RateBasedStatement).toMatchObject({ Limit: 2000, AggregateKeyType: 'IP' });
  expect(acl.Rules[0].Action).toHaveProperty('Block');
  expect(acl.Rules.slice(1).map(({ Name }: { Name: string }) => Name)).toEqual([
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesKnownBadInputsRuleSet',
    'AWSManagedRulesCommonRuleSet',
  ]);
  const counted = acl.Rules[3].Statement.ManagedRuleGroupStatement.RuleActionOverrides;
  expect(SESSION_TOKEN_MAX_LENGTH).toBeGreaterThan(2048);
  expect(counted.map(({ Name }: { Name: string }) => Name)).toContain('SizeRestrictions_QUERYSTRING');
  web.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: Match.anyValue() } });
});
