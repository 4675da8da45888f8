import { readFile } from 'node:fs/promises';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../../contract/api/routes.ts';
import { captureLines, FAILURES, LOGGED } from '../logs/function-lines.ts';
import type { Stage } from '../stages.ts';
import { of } from './made-stages.ts';

/** Of both regions. */
const alarmsOf = (stage: Stage) =>
  [of(stage).templates.service, of(stage).templates.global].flatMap((template) =>
    Object.values(template?.findResources('AWS::CloudWatch::Alarm') ?? {}),
  );

test('alarms name an existing heading of the runbook', async () => {
  const runbook = await readFile(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(/\s+/g, '-'),
  );
  const named = alarmsOf('prod').map(({ Properties }) => {
    expect(Properties['AlarmActions']).toHaveLength(1);
    return String(Properties['AlarmDescription']).split('#')[1];
  });
  expect(named.length).toBeGreaterThanOrEqual(14);
  expect(anchors).toEqual(expect.arrayContaining(named));
});

test('alarms can write to their topic, and none has more metrics than CloudWatch allows', () => {
  const { operations, global } = of('prod').templates;
  for (const template of [operations, global]) {
    template?.hasResourceProperties('AWS::SNS::TopicPolicy', {
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
  }
  for (const { Properties } of alarmsOf('prod')) {
    const metrics: { MetricStat?: object }[] = Properties['Metrics'] ?? [];
    expect(
      metrics.filter(({ MetricStat }) => MetricStat !== undefined).length,
      Properties['AlarmName'],
    ).toBeLessThanOrEqual(10);
  }
});

/** The stage's own metrics, from the functions and the filter on the access log: `namespace name {dimensions}`. */
const writtenMetrics = (): ReadonlySet<string> => {
  const lines = captureLines((log) => {
    for (const [code, samples] of Object.entries({ ...LOGGED, ...FAILURES })) {
      for (const fields of samples) log(code, fields);
    }
    for (const { method, path } of ROUTES) log('request', { route: `${method} ${path}`, status: 200, durationMs: 1 });
  });
  const Embedded = z.looseObject({
    _aws: z.object({
      CloudWatchMetrics: z.array(
        z.object({
          Namespace: z.string(),
          Dimensions: z.array(z.array(z.string())),
          Metrics: z.array(z.looseObject({ Name: z.string() })),
        }),
      ),
    }),
  });
  const written = lines.flatMap(({ fields }) => ('_aws' in fields ? [Embedded.parse(fields)] : []));
  return new Set(
    written.flatMap((entry) =>
      entry._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.map(({ Name }) =>
          metricKey(
            `${Namespace} ${Name}`,
            Object.fromEntries((Dimensions[0] ?? []).map((name) => [name, String(entry[name])])),
          ),
        ),
      ),
    ),
  );
};
const metricKey = (name: string, dimensions: Readonly<Record<string, string>>): string =>
  `${name} ${JSON.stringify(Object.entries(dimensions).sort())}`;

test('alarms and dashboard watch metrics that the functions write, by exact names and dimensions', () => {
  const { service } = of('prod').templates;
  // The namespace that every function of this stage gets, and no other stage's functions.
  const [namespace = '', ...others] = new Set(
    Object.values(service.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties['Environment'].Variables['POWERTOOLS_METRICS_NAMESPACE'],
    ),
  );
  expect([namespace, ...others]).toEqual(['Verified/prod']);
  const written = new Set(writtenMetrics());
  for (const { Properties } of Object.values(service.findResources('AWS::Logs::MetricFilter'))) {
    const [{ MetricNamespace, MetricName }] = Properties['MetricTransformations'];
    written.add(metricKey(`${MetricNamespace} ${MetricName}`, {}));
  }
  expect(written.size).toBeGreaterThan(50);
  const watched: string[] = [];
  for (const { Properties } of alarmsOf('prod')) {
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
  const dashboard = JSON.stringify(service.findResources('AWS::CloudWatch::Dashboard')).replaceAll('\\', '');
  for (const [, row = ''] of dashboard.matchAll(/\[("Verified[^"]*",(?:"[^"]*",)*"[^"]*")/g)) {
    const [space, name, ...pairs] = JSON.parse(`[${row}]`);
    const dimensions = pairs.flatMap((key: string, at: number) => (at % 2 === 0 ? [[key, pairs[at + 1]]] : []));
    watched.push(metricKey(`${space} ${name}`, Object.fromEntries(dimensions)));
  }
  expect(watched.length).toBeGreaterThan(40);
  expect(watched.filter((metric) => !written.has(metric))).toEqual([]);
});

test('the operations stack refers to no other, so that functions may come, go and be renamed', () => {
  for (const stage of ['dev', 'staging', 'prod'] as const) {
    expect(JSON.stringify(of(stage).templates.operations.toJSON())).not.toMatch(/Fn::(ImportValue|GetStackOutput)/);
  }
});

test('the distribution is watched in us-east-1, by the id that the web stack puts out, with the roles of the stage’s region', () => {
  expect(of('dev').stacks.global).toBeNull();
  const { stacks, templates, settings } = of('prod');
  expect(stacks.global?.region).toBe('us-east-1');
  const reference = JSON.stringify(templates.global?.toJSON()).match(/\{"Fn::GetStackOutput":(\{[^}]+\})\}/)?.[1] ?? '';
  const { StackName, OutputName, Region } = JSON.parse(reference);
  expect([StackName, Region]).toEqual([stacks.web.stackName, settings.region]);
  expect(templates.web.toJSON()['Outputs'][OutputName].Value).toEqual({
    Ref: Object.keys(templates.web.findResources('AWS::CloudFront::Distribution'))[0],
  });
  const { stacks: artifacts } = of('prod').app.synth();
  const artifact = artifacts.find(({ stackName }) => stackName === stacks.global?.stackName);
  expect(artifact?.assumeRoleArn).toMatch(/cdk-\w+-deploy-role-.*-eu-north-1$/);
  expect(artifact?.cloudFormationExecutionRoleArn).toMatch(/cdk-\w+-cfn-exec-role-.*-eu-north-1$/);
  // Without a bucket in that region, CloudFormation takes up to 51,200 bytes in the call itself.
  expect(JSON.stringify(templates.global?.toJSON()).length).toBeLessThan(51_200);
});

test('the budget is in us-east-1, counts all of the account, and its recipients can change', () => {
  const [budget, ...others] = Object.values(
    of('staging').templates.global?.findResources('AWS::Budgets::Budget') ?? {},
  );
  expect(others).toEqual([]);
  const { Budget, NotificationsWithSubscribers } = budget?.['Properties'] ?? {};
  // Not by tag, which Rekognition's calls do not have; not by a name, which exists while CloudFormation replaces the budget.
  expect(Budget).toEqual({ BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 500, Unit: 'USD' } });
  expect(NotificationsWithSubscribers).toHaveLength(2);
});

test('cdk destroy ends at the data stack, which refuses: every other stack goes before it', () => {
  for (const stage of ['dev', 'staging', 'prod'] as const) {
    const { app, stacks } = of(stage);
    const [first, ...others] = app.synth().stacks.map(({ stackName }) => stackName);
    expect(first).toBe(stacks.data.stackName);
    expect(others.length).toBeGreaterThanOrEqual(3);
    for (const stack of Object.values(stacks)) {
      if (stack !== null && stack !== stacks.data) expect(stack.dependencies).toContain(stacks.data);
    }
  }
});

test('with cloudTrail every access to faces and to the audit log is recorded, in files that are encrypted, kept and checked', () => {
  expect(of('dev').stacks.trail).toBeNull();
  const { trail, data } = of('prod').templates;
  const [selectors, ...others] = Object.values(trail?.findResources('AWS::CloudTrail::Trail') ?? {}).map(
    ({ Properties }) => {
      expect(Properties).toMatchObject({
        TrailName: 'verified-prod',
        EnableLogFileValidation: true,
        IsLogging: true,
        IsMultiRegionTrail: false,
      });
      expect(Properties['KMSKeyId']).toBeDefined();
      return JSON.stringify(Properties['AdvancedEventSelectors']);
    },
  );
  expect(others).toEqual([]);
  // No management events: an account has its own trail of those, and a second copy is billed.
  expect(selectors?.match(/"Equals":\["(Data|Management)"\]/g)).toEqual(['"Equals":["Data"]', '"Equals":["Data"]']);
  const exported = [...(selectors?.matchAll(/"Fn::ImportValue":"verified-prod-data:(\w+)"/g) ?? [])].map(
    ([, name = '']) => name,
  );
  const outputs = Object.entries(data.toJSON()['Outputs'] as Record<string, unknown>);
  expect(exported.map((name) => outputs.some(([output]) => output === name))).toEqual([true, true]);
  expect(exported[0]).toMatch(/FacesBucket/);
  expect(exported[1]).toMatch(/AuditTable/);
  trail?.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365, Status: 'Enabled' }] },
      LoggingConfiguration: { LogFilePrefix: 'trail/' },
    },
  });
  // The data stack lets S3 write these logs to its bucket.
  expect(JSON.stringify(data.findResources('AWS::S3::BucketPolicy'))).toContain('/trail/*');
  const policies = [trail?.findResources('AWS::S3::BucketPolicy'), trail?.findResources('AWS::KMS::Key')];
  const statements = JSON.stringify(policies).split('cloudtrail.amazonaws.com').length - 1;
  expect(statements).toBe(4);
  expect(JSON.stringify(policies).split('"aws:SourceArn"').length - 1).toBe(statements);
});
