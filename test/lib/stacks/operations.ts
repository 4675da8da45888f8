import { readFile } from 'node:fs/promises';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test, vi } from 'vitest';
import { ROUTES } from '../../../contract/api/routes.ts';
import { OUTCOMES } from '../../../contract/protocol/outcomes.ts';
import { createLog } from '../../../lambdas/http/log.ts';
import { SERVICE_FUNCTIONS } from '../../../lib/service-functions.ts';
import { of } from './made-stages.ts';

test('alarms name an existing heading of the runbook', async () => {
  const runbook = await readFile(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
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

test('alarms can write to their topic, and none has more metrics than CloudWatch allows', () => {
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

/** The stage's own metrics, from the functions and the filter on the access log: `namespace name {dimensions}`. */
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

test('alarms and dashboard watch metrics that the functions write, by exact names and dimensions', () => {
  const { operations, service } = of('prod').templates;
  // The namespace that every function of this stage gets, and no other stage's functions.
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
