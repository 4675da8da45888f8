import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../contract/api/routes.ts';
import { TABLES } from '../../lambdas/tables.ts';
import { buildPages } from '../../web/build.ts';
import { capturePageHeaders } from '../../web/capture/security-headers.ts';
import { ACCEPTED_FINDINGS } from './accepted-findings.ts';
import { variablesOf } from './function-environments.ts';
import { STAGES, type Stage, synthesise, type Templates, templatesOf } from './stages.ts';

const made = new Map<Stage, ReturnType<typeof synthesise> & { readonly templates: Templates }>();
beforeAll(async () => {
  await buildPages();
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { app, settings, stacks } = synthesise(stage);
    made.set(stage, { app, settings, stacks, templates: templatesOf(stacks) });
  }
}, 120_000);
afterAll(() => Promise.all([...made.values()].map(({ app }) => rm(app.outdir, { recursive: true, force: true }))));

const of = (stage: Stage) => {
  const one = made.get(stage);
  if (one === undefined) throw new Error(`${stage} was not synthesised`);
  return one;
};

/** A template without what changes with every source file. */
const masked = (template: object): unknown =>
  JSON.parse(
    JSON.stringify(template)
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/DeploymentResource[0-9A-F]{8}/g, 'DeploymentResourceHASH'),
  );

describe.each(Object.keys(STAGES) as Stage[])('stage %s', (stage) => {
  test('makes what it made before', async () => {
    const { templates } = of(stage);
    for (const [name, template] of Object.entries(templates)) {
      await expect(`${JSON.stringify(masked(template.toJSON()), null, 1)}\n`).toMatchFileSnapshot(
        `./snapshots/${stage}-${name}.json`,
      );
    }
  });

  test('keeps what must survive, encrypted, and protected against a slip', () => {
    const { data } = of(stage).templates;
    data.resourceCountIs('AWS::DynamoDB::Table', Object.keys(TABLES).length);
    data.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TableName: Match.absent(),
      },
    });
    data.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    expect(of(stage).stacks.data.terminationProtection).toBe(true);
  });

  test('T44 faces: one private bucket, TLS only, encrypted by our key, and without versions, so that deleting deletes', () => {
    const { data } = of(stage).templates;
    data.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: Match.absent(),
        ReplicationConfiguration: Match.absent(),
      },
    });
    data.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('the HTTP API has the routes of the one table, each to its Lambda', () => {
    const { service } = of(stage).templates;
    const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route'));
    const integrations = service.findResources('AWS::ApiGatewayV2::Integration');
    const lambdaOf = (target: unknown): string => {
      const id = Object.keys(integrations).find((name) => JSON.stringify(target).includes(name)) ?? '';
      return JSON.stringify(integrations[id]?.['Properties']['IntegrationUri']);
    };
    expect(routes.map(({ Properties }) => Properties['RouteKey']).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { method, path, lambda } of ROUTES) {
      const route = routes.find(({ Properties }) => Properties['RouteKey'] === `${method} ${path}`);
      expect(lambdaOf(route?.['Properties']['Target'])).toContain(`${lambda}Function`);
    }
  });

  test('every function gets exactly the environment that its code checks', () => {
    const { functions } = of(stage).stacks.service;
    for (const [name, fn] of functions) {
      const own = fn.environmentNames.filter((variable) => !variable.startsWith('POWERTOOLS_'));
      expect(own, name).toEqual(variablesOf(name));
    }
  });

  test('every function runs on ARM and the newest Node, with JSON logs that end and tracing', () => {
    of(stage).templates.service.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: Match.objectLike({ LogFormat: 'JSON' }),
      TracingConfig: { Mode: 'Active' },
      FunctionName: Match.absent(),
    });
    of(stage).templates.service.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
  });

  test('T40 pages have the headers that they were tested with', () => {
    const { templates, settings } = of(stage);
    const headers = capturePageHeaders({ livenessRegion: settings.livenessRegion, path: '/capture/' });
    templates.web.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: headers['content-security-policy'], Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true },
          ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
          ContentTypeOptions: { Override: true },
        },
        CustomHeadersConfig: {
          Items: Match.arrayWith(
            ['permissions-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'].map((Header) =>
              Match.objectLike({ Header, Value: headers[Header] }),
            ),
          ),
        },
      },
    });
  });
});

const Statement = z.looseObject({
  Action: z.union([z.string(), z.array(z.string())]),
  Condition: z.unknown().optional(),
});

/** Actions of a function's role, and which of them stand under a condition. */
const actionsOf = (stage: Stage, name: string) => {
  const policies = Object.entries(of(stage).templates.service.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`));
  expect(own).toHaveLength(1);
  const statements = z.array(Statement).parse(own[0]?.[1]['Properties']['PolicyDocument']['Statement']);
  return [
    ...new Set(
      statements.flatMap(({ Action, Condition }) =>
        [Action].flat().map((action) => (Condition === undefined ? action : `${action} if`)),
      ),
    ),
  ].sort();
};

const EVERY = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const THROUGH_DYNAMODB = [
  'kms:Decrypt if',
  'kms:DescribeKey if',
  'kms:Encrypt if',
  'kms:GenerateDataKey* if',
  'kms:ReEncrypt* if',
];

test('T42 every function may do exactly this, and uses keys for its own purpose only', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    session: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...THROUGH_DYNAMODB],
    enroll: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'kms:GenerateDataKey if',
      'rekognition:CreateFaceLivenessSession if',
      'rekognition:DetectFaces if',
      'rekognition:GetFaceLivenessSessionResults if',
      's3:DeleteObject',
      's3:PutObject',
      'sts:AssumeRole',
    ],
    verify: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'rekognition:CompareFaces if',
      'rekognition:CreateFaceLivenessSession if',
      'rekognition:GetFaceLivenessSessionResults if',
      's3:GetObject',
      'sts:AssumeRole',
    ],
    accounts: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', ...THROUGH_DYNAMODB],
    // Seals keys, opens none: no Decrypt for the purpose of integration keys, see below.
    integrations: [
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
    ],
    users: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
    ],
    transactions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', ...THROUGH_DYNAMODB],
    automation: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', ...THROUGH_DYNAMODB],
    backend: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...THROUGH_DYNAMODB, 's3:DeleteObject'],
    housekeeping: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      'ses:SendEmail if',
    ],
  };
  for (const [name, actions] of Object.entries(allowed)) {
    expect(actionsOf('staging', name), name).toEqual([...new Set([...EVERY, ...actions])].sort());
  }
});

test('T67 routes of operators ask for a token of the issuer, all others for none', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { service } = of(stage).templates;
    for (const { Properties } of Object.values(service.findResources('AWS::ApiGatewayV2::Route'))) {
      const isPortal = String(Properties['RouteKey']).includes(' /api/portal/');
      expect(Properties['AuthorizationType'], Properties['RouteKey']).toBe(isPortal ? 'JWT' : 'NONE');
      expect(Properties['AuthorizerId'] !== undefined).toBe(isPortal);
    }
  }
  of('dev').templates.web.hasResourceProperties('AWS::Cognito::UserPool', {
    MfaConfiguration: 'ON',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeletionProtection: 'ACTIVE',
  });
  of('staging').templates.web.resourceCountIs('AWS::Cognito::UserPool', 0);
  of('staging').templates.web.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['verified-portal'] },
  });
});

test('T37 the browser’s role opens a liveness stream and nothing else, and only two functions may take it on', () => {
  const { service } = of('prod').templates;
  const roles = Object.entries(service.findResources('AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('LivenessStream'),
  );
  const trust = JSON.stringify(roles[0]?.[1]['Properties']['AssumeRolePolicyDocument']);
  expect(trust.match(/(enroll|verify)Role/g)?.sort()).toEqual(['enrollRole', 'verifyRole']);
  expect(trust).not.toMatch(/sessionRole|housekeeping|"Service"|:root/);
  service.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: roles[0]?.[0] }],
    PolicyDocument: {
      Statement: [{ Action: 'rekognition:StartFaceLivenessSession', Effect: 'Allow', Resource: '*' }],
    },
  });
});

test('the API answers through the distribution alone, caches nothing of it and logs no path', () => {
  const { web, service } = of('prod').templates;
  const distribution = Object.values(web.findResources('AWS::CloudFront::Distribution'))[0]?.['Properties'];
  const { CacheBehaviors, Origins, Logging } = distribution['DistributionConfig'];
  for (const path of ['/api/*', '/s/*']) {
    const behaviour = CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
    // AWS's managed policy CachingDisabled.
    expect(behaviour.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    expect(behaviour.ViewerProtocolPolicy).toBe('https-only');
  }
  expect(Logging).toBeUndefined();
  expect(JSON.stringify(Origins)).toContain('x-verified-origin');
  expect(JSON.stringify(Origins)).toContain('{{resolve:secretsmanager:');
  expect(JSON.stringify(web.findResources('AWS::ApiGatewayV2::Stage'))).not.toMatch(/\$context\.(path|http)/);
  for (const { Properties } of Object.values(service.findResources('AWS::Lambda::Function'))) {
    const secret = Properties['Environment'].Variables['FRONT_DOOR_SECRET'];
    if (secret !== undefined) expect(JSON.stringify(secret)).toContain('{{resolve:secretsmanager:');
  }
});

test('alarms name a heading of the runbook that is there', async () => {
  const runbook = await readFile(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s+/g, '-'),
  );
  const alarms = Object.values(of('prod').templates.operations.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThanOrEqual(10);
  for (const { Properties } of alarms) {
    expect(anchors).toContain(String(Properties['AlarmDescription']).split('#')[1]);
    expect(Properties['AlarmActions']).toHaveLength(1);
  }
});

test('cdk-nag finds nothing but what is accepted with a reason, and every acceptance is needed', async () => {
  const { app } = synthesise('prod');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  vi.spyOn(console, 'error').mockReturnValue();
  expect(() => app.synth()).toThrow(/Validation failed|validation-report/);
  const Report = z.object({
    pluginReports: z.array(
      z.object({
        pluginName: z.string(),
        violations: z.array(
          z.object({ ruleName: z.string(), violatingConstructs: z.array(z.object({ constructPath: z.string() })) }),
        ),
      }),
    ),
  });
  const report = Report.parse(JSON.parse(await readFile(join(app.outdir, 'validation-report.json'), 'utf8')));
  const findings = report.pluginReports
    .filter(({ pluginName }) => pluginName === 'AwsSolutions')
    .flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({
          rule: ruleName,
          place: constructPath.slice(constructPath.indexOf('/') + 1),
        })),
      ),
    );
  const isCovered = (finding: (typeof findings)[number], { rule, place }: (typeof ACCEPTED_FINDINGS)[number]) =>
    finding.rule.startsWith(rule) && place.test(finding.place);
  expect(findings.length).toBeGreaterThan(10);
  expect(findings.filter((finding) => !ACCEPTED_FINDINGS.some((accepted) => isCovered(finding, accepted)))).toEqual([]);
  expect(ACCEPTED_FINDINGS.filter((accepted) => !findings.some((finding) => isCovered(finding, accepted)))).toEqual([]);
});
