import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SESSION_TOKEN_MAX_LENGTH } from '../../../contract/protocol/session-token.ts';
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

test('T13 the front door’s secret is replaced without a refused request: the one sent is already accepted by all functions', () => {
  const generations = (value: unknown): string[] =>
    [...new Set([...JSON.stringify(value).matchAll(/Generation(\d+)Secret/g)].map(([, number = '']) => number))].sort();
  for (const [stage, now] of [
    ['dev', 1],
    ['prod', 2],
  ] as const) {
    const { web, service } = of(stage).templates;
    const [distribution] = Object.values(web.findResources('AWS::CloudFront::Distribution'));
    expect(generations(distribution)).toEqual([`${now}`]);
    for (const { Properties } of Object.values(service.findResources('AWS::Lambda::Function'))) {
      const accepted = Properties['Environment']?.Variables['FRONT_DOOR_SECRET'];
      if (accepted !== undefined) expect(generations(accepted)).toEqual([`${now}`, `${now + 1}`]);
    }
    // What the functions of the previous deployment still import stays.
    const exported = generations(web.toJSON()['Outputs']);
    expect(exported).toEqual(now === 1 ? ['1', '2'] : ['1', '2', '3']);
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
