import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { BACKEND_ROUTES, ROUTES } from '../../contract/api/routes.ts';
import { OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { SESSION_TOKEN_MAX_LENGTH } from '../../contract/protocol/session-token.ts';
import { createLog } from '../../lambdas/http/log.ts';
import { TABLES } from '../../lambdas/tables.ts';
import { routeLimits } from '../../lib/route-limits.ts';
import { SERVICE_FUNCTIONS } from '../../lib/service-functions.ts';
import { buildPages } from '../../web/build.ts';
import { capturePageHeaders } from '../../web/capture/security-headers.ts';
import { ACCEPTED_FINDINGS } from './accepted-findings.ts';
import { variablesOf } from './function-environments.ts';
import { STAGES, type Stage, synthesise, type Templates, templatesOf } from './stages.ts';
import { lineChanges, templateLines } from './template-lines.ts';

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

describe.each(Object.keys(STAGES) as Stage[])('stage %s', (stage) => {
  // Changed on purpose? `npm run snapshots`, and look at the difference before you commit it.
  test('makes what it made before', async () => {
    const lines = (one: Stage) =>
      Object.entries(of(one).templates).flatMap(([stack, template]) =>
        template === null ? [] : templateLines(template.toJSON(), of(one).settings).map((line) => `${stack} ${line}`),
      );
    const text = stage === 'dev' ? lines('dev') : lineChanges(lines('dev'), lines(stage));
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(`./snapshots/${stage}.txt`);
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

const statementsOf = (stage: Stage, name: string) => {
  const policies = Object.entries(of(stage).templates.service.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`));
  expect(own).toHaveLength(1);
  return z.array(Statement).parse(own[0]?.[1]['Properties']['PolicyDocument']['Statement']);
};

/** Actions of a function's role, and which of them stand under a condition. */
const actionsOf = (stage: Stage, name: string) => {
  return [
    ...new Set(
      statementsOf(stage, name).flatMap(({ Action, Condition }) =>
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
    session: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...THROUGH_DYNAMODB, 'ses:SendEmail if'],
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
    accounts: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      'ses:SendEmail if',
    ],
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
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket if',
    ],
    transactions: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      ...THROUGH_DYNAMODB,
    ],
    automation: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
    ],
    backend: [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      's3:ListBucket if',
    ],
    housekeeping: [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...THROUGH_DYNAMODB,
      's3:DeleteObject',
      'ses:SendEmail if',
    ],
  };
  for (const [name, actions] of Object.entries(allowed)) {
    expect(actionsOf('staging', name), name).toEqual([...new Set([...EVERY, ...actions])].sort());
  }
});

test('T72 the key of faces serves three functions, for faces alone; the portal may ask for their names, not for others', () => {
  const { service } = of('staging').templates;
  const decrypting = Object.entries(service.findResources('AWS::IAM::Policy')).filter(([, { Properties }]) =>
    JSON.stringify(Properties).includes('"kms:EncryptionContext:purpose":"verified/reference-face"'),
  );
  const names = decrypting.map(([id]) => id.replace(/RoleDefaultPolicy.*/, '')).sort();
  expect(names).toEqual(['enroll', 'users', 'verify']);
  const users = statementsOf('staging', 'users').filter(({ Action }) =>
    /^(kms:Decrypt|s3:ListBucket)$/.test(String(Action)),
  );
  expect(
    users
      .map(({ Action, Condition }) => [Action, Condition])
      .filter(([, condition]) => !JSON.stringify(condition).includes('ViaService')),
  ).toEqual([
    ['kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:purpose': 'verified/reference-face' } }],
    ['s3:ListBucket', { StringLike: { 's3:prefix': 'faces/*' } }],
  ]);
});

test('the audit log can be added to and read, by no function changed or deleted', () => {
  const { service } = of('staging').templates;
  const actions = Object.values(service.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    z
      .array(Statement.extend({ Resource: z.unknown() }))
      .parse(Properties['PolicyDocument']['Statement'])
      .filter(({ Resource }) => JSON.stringify(Resource).includes('AuditTable'))
      .flatMap(({ Action }) => Action),
  );
  expect([...new Set(actions)].sort()).toEqual(['dynamodb:PutItem', 'dynamodb:Query']);
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

test('T77 dear and sensitive routes have limits of their own, which come after the routes and are below the whole', () => {
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
      'GET /api/portal/me',
      'POST /api/portal/people/invitations',
      'POST /api/portal/user/photo',
      ...BACKEND_ROUTES.map(({ method, path }) => `${method} ${path}`),
    ];
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(sensitive));
    // API Gateway refuses settings of routes that are not there yet.
    const routes = Object.entries(service.findResources('AWS::ApiGatewayV2::Route'));
    const limited = routes.filter(([, { Properties }]) => Properties['RouteKey'] in settings).map(([id]) => id);
    expect(limited).toHaveLength(Object.keys(settings).length);
    expect(api.DependsOn).toEqual(expect.arrayContaining(limited));
  }
});

test('docs/deploy.md gives the reason of every limit of a route', async () => {
  const text = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-zA-Z, ]+) \| (\d+) \| (\d+) \| .{20,} \|$/gm)];
  const documented = rows.flatMap(([, names = '', ...limit]) =>
    names.split(', ').map((name) => `${name} ${limit.slice(0, 2).join(' ')}`),
  );
  const limits = routeLimits(of('dev').settings.requestsPerSecond);
  expect(documented.sort()).toEqual([...limits].map(([name, l]) => `${name} ${l.perSecond} ${l.burst}`).sort());
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
  expect(JSON.stringify(service.findResources('AWS::ApiGatewayV2::Stage'))).not.toMatch(/\$context\.(path|http)/);
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

test('alarms can write to their topic, and none has more metrics than CloudWatch takes', () => {
  const { operations } = of('prod').templates;
  operations.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() } },
        }),
      ]),
    },
  });
  for (const [id, { Properties }] of Object.entries(operations.findResources('AWS::CloudWatch::Alarm'))) {
    const metrics: { MetricStat?: object }[] = Properties['Metrics'] ?? [];
    expect(metrics.filter(({ MetricStat }) => MetricStat !== undefined).length, id).toBeLessThanOrEqual(10);
  }
});

/** Metrics of our own as the functions write them, and the filter on the access log: `namespace name {dimensions}`. */
const writtenMetrics = (namespace: string): ReadonlySet<string> => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', namespace);
  const lines: string[] = [];
  const spies = (['log', 'info'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((line) => void lines.push(String(line))),
  );
  for (const { name } of SERVICE_FUNCTIONS) {
    const log = createLog(name);
    log('session-opened', {});
    log('liveness-start', { state: 'started' });
    for (const outcome of OUTCOMES) log('result-handed-over', { outcome });
    for (const { method, path } of ROUTES) log('request', { route: `${method} ${path}`, durationMs: 1 });
    for (const code of PROBLEMS) log(code, {});
  }
  for (const spy of spies) spy.mockRestore();
  vi.unstubAllEnvs();
  const written = lines.flatMap((line) => (line.includes('CloudWatchMetrics') ? [JSON.parse(line)] : []));
  return new Set(
    written.flatMap((entry) =>
      entry._aws.CloudWatchMetrics.flatMap(
        ({
          Namespace,
          Dimensions,
          Metrics,
        }: {
          Namespace: string;
          Dimensions: string[][];
          Metrics: { Name: string }[];
        }) =>
          Metrics.map(({ Name }) =>
            metricKey(`${Namespace} ${Name}`, Object.fromEntries((Dimensions[0] ?? []).map((d) => [d, entry[d]]))),
          ),
      ),
    ),
  );
};
const PROBLEMS = [
  'unavailable',
  'internal-error',
  'bad-link',
  'not-through-front-door',
  'due-work-given-up',
  'due-work-unreadable',
];
const metricKey = (name: string, dimensions: Readonly<Record<string, string>>): string =>
  `${name} ${JSON.stringify(Object.entries(dimensions).sort())}`;

test('alarms and dashboard watch metrics that the functions write, by their very names and dimensions', () => {
  const { operations, service } = of('prod').templates;
  // What every function is told, and no other stage's functions are.
  const [namespace = '', ...others] = new Set(
    Object.values(service.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties['Environment'].Variables['POWERTOOLS_METRICS_NAMESPACE'],
    ),
  );
  expect([namespace, ...others]).toEqual(['Verified/prod']);
  const written = new Set(writtenMetrics(namespace));
  for (const { Properties } of Object.values(service.findResources('AWS::Logs::MetricFilter'))) {
    const [{ MetricNamespace, MetricName }] = Properties['MetricTransformations'];
    written.add(metricKey(`${MetricNamespace} ${MetricName}`, {}));
  }
  expect(written.size).toBeGreaterThan(50);
  const watched: string[] = [];
  for (const { Properties } of Object.values(operations.findResources('AWS::CloudWatch::Alarm'))) {
    const metrics = [
      Properties,
      ...(Properties['Metrics'] ?? []).map((m: { MetricStat?: { Metric: object } }) => m.MetricStat?.Metric),
    ];
    for (const metric of metrics) {
      if (metric?.MetricName === undefined || metric.Namespace.startsWith('AWS/')) continue;
      const dimensions = (metric.Dimensions ?? []).map((d: { Name: string; Value: string }) => [d.Name, d.Value]);
      watched.push(metricKey(`${metric.Namespace} ${metric.MetricName}`, Object.fromEntries(dimensions)));
    }
  }
  const dashboard = JSON.stringify(operations.findResources('AWS::CloudWatch::Dashboard')).replaceAll('\\', '');
  for (const [, row = ''] of dashboard.matchAll(/\[("Verified[^"]*",(?:"[^"]*",)*"[^"]*")/g)) {
    const [space, name, ...pairs] = JSON.parse(`[${row}]`);
    const dimensions = pairs.flatMap((key: string, at: number) => (at % 2 === 0 ? [[key, pairs[at + 1]]] : []));
    watched.push(metricKey(`${space} ${name}`, Object.fromEntries(dimensions)));
  }
  expect(watched.length).toBeGreaterThan(40);
  expect(watched.filter((metric) => !written.has(metric))).toEqual([]);
});

test('T42 a service of AWS acts for this account and these resources alone', () => {
  const { templates } = of('prod');
  const Principal = z.looseObject({ Service: z.string() });
  for (const template of Object.values(templates)) {
    for (const [id, { Type, Properties }] of Object.entries(template?.toJSON()['Resources'] ?? {}) as [
      string,
      { Type: string; Properties: Record<string, never> },
    ][]) {
      if (Type === 'AWS::Lambda::Permission')
        expect(Properties['SourceArn'] ?? Properties['SourceAccount'], id).toBeDefined();
      const { Statement = [] } =
        Properties['PolicyDocument'] ?? Properties['KeyPolicy'] ?? Properties['AssumeRolePolicyDocument'] ?? {};
      for (const statement of Statement as { Effect: string; Principal?: unknown; Condition?: unknown }[]) {
        const service = Principal.safeParse(statement.Principal).data?.Service;
        // Lambda names no source when it takes on a function's role.
        if (statement.Effect !== 'Allow' || service === undefined || service === 'lambda.amazonaws.com') continue;
        expect(JSON.stringify(statement.Condition ?? null), `${id} ${service}`).toMatch(/aws:Source(Arn|Account)/i);
      }
    }
  }
});

test('T54 the front door’s secret is replaced without a refused request: sent is what all functions accept already', () => {
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
    // What the functions of the deployment before still import stays.
    const exported = generations(web.toJSON()['Outputs']);
    expect(exported).toEqual(now === 1 ? ['1', '2'] : ['1', '2', '3']);
  }
});

test('the web ACL limits each address, lets long signed links through, and keeps no sample of a request', () => {
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

test('what stays after cdk destroy is what docs/deploy.md says', async () => {
  const text = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## Tear down'));
  const documented = [...section.matchAll(/^\| (\w+) \| `(AWS::[\w:]+)` \|/gm)].map(([, ...row]) => row.join(' '));
  const retained = Object.entries(of('dev').templates).flatMap(([stack, template]) => {
    const resources = Object.values(template?.toJSON()['Resources'] ?? {}) as {
      Type: string;
      DeletionPolicy?: string;
    }[];
    const kept = resources.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'));
    return [...new Set(kept.map(({ Type }) => `${stack} ${Type}`))];
  });
  expect(documented.sort()).toEqual(retained.sort());
});

test('docs/deploy.md reasons the size of every function', async () => {
  const text = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-z, -]+) \| (\d+) MB \| (\d+) s \| (\d+)(?: each)? \| .{20,} \|$/gm)];
  const documented = rows.flatMap(([, names = '', ...size]) =>
    names.split(', ').map((name) => `${name} ${size.slice(0, 3).join(' ')}`),
  );
  expect(documented.sort()).toEqual(
    SERVICE_FUNCTIONS.map((fn) => `${fn.name} ${fn.memoryMb} ${fn.timeoutSeconds} ${fn.maxConcurrency}`).sort(),
  );
  // CloudFront gives up after 30 seconds; the person has to get our answer.
  for (const { name, timeoutSeconds } of SERVICE_FUNCTIONS) {
    if (name !== 'housekeeping') expect(timeoutSeconds).toBeLessThan(30);
  }
});

test('cdk-nag finds nothing but what is accepted with a reason, and every acceptance is needed', async () => {
  const { app } = of('prod');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  vi.spyOn(console, 'error').mockReturnValue();
  expect(() => app.synth({ force: true })).toThrow(/Validation failed|validation-report/);
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
