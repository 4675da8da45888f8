import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ROUTES } from '../contract/api/routes.ts';
import type { AlarmRule, Watched } from './alarm-rule.ts';
import type { LambdaFunction } from './constructs/lambda-function.ts';
import { jobAlarmRules } from './job-alarms.ts';
import { FIVE_MINUTES, StageMetrics, sumOf } from './metrics.ts';

/** CloudWatch allows at most ten metrics in an alarm's expression (CloudWatch user guide, metric math). */
const MAX_METRICS = 10;

/** One alarm for each ten functions. */
const overFunctions = (
  functions: readonly [name: string, fn: LambdaFunction][],
  rule: Omit<AlarmRule, 'metric'>,
  metricOf: (name: string, fn: LambdaFunction) => IMetric,
): readonly AlarmRule[] =>
  Array.from({ length: Math.ceil(functions.length / MAX_METRICS) }, (_, index) => {
    const part = functions.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS);
    const metrics = part.map(([name, fn]) => [name.replace(/\W/g, ''), metricOf(name, fn)] as const);
    return {
      ...rule,
      name: index === 0 ? rule.name : `${rule.name}${index + 1}`,
      metric: sumOf(Object.fromEntries(metrics), rule.name),
    };
  });

const apiMetric = (apiId: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });

const ENDED = ['verified', 'enrolled', 'no_match', 'not_live', 'locked', 'expired', 'unavailable'] as const;

/**
 * Rekognition's default quota of concurrent liveness sessions, by region. Source: AWS general reference, Rekognition endpoints and
 * quotas, read in 2026; Service Quotas shows that of an account.
 */
const defaultSessionsAtOnce = (region: string): number => (['us-east-1', 'us-west-2'].includes(region) ? 75 : 15);

/** How long a liveness session counts as concurrent: the ratio of AWS's two quotas, concurrent sessions and calls per second. */
const LIVENESS_SESSION_SECONDS = 10;

/** Every alarm of a stage. */
export const alarmRules = ({ settings, functions, apiId }: Watched): readonly AlarmRule[] => {
  const above = ComparisonOperator.GREATER_THAN_THRESHOLD;
  const metrics = new StageMetrics(settings.stage);
  const all = [...functions];
  const answering = new Set<string>(ROUTES.map(({ lambda }) => lambda));
  return [
    {
      name: 'ServerErrors',
      runbook: 'server-errors',
      metric: apiMetric(apiId, '5xx'),
      threshold: 5,
      periods: 1,
      comparison: above,
    },
    ...overFunctions(
      all,
      { name: 'FunctionErrors', runbook: 'function-errors', threshold: 0, periods: 1, comparison: above },
      (_, { lambda }) => lambda.metricErrors({ period: FIVE_MINUTES }),
    ),
    ...overFunctions(
      all,
      { name: 'Throttles', runbook: 'throttles', threshold: 0, periods: 2, comparison: above },
      (_, { lambda }) => lambda.metricThrottles({ period: FIVE_MINUTES }),
    ),
    {
      name: 'RefusedRequests',
      runbook: 'refused-requests',
      metric: metrics.refusedRequests(),
      threshold: 20,
      periods: 1,
      comparison: above,
    },
    {
      name: 'RekognitionErrors',
      runbook: 'rekognition-errors-and-quota',
      metric: sumOf(
        {
          enroll: metrics.of('enroll', 'Problems', { code: 'unavailable' }),
          verify: metrics.of('verify', 'Problems', { code: 'unavailable' }),
        },
        'face checks that Rekognition or a store did not answer',
      ),
      threshold: 5,
      periods: 2,
      comparison: above,
    },
    {
      name: 'RekognitionHeadroom',
      runbook: 'rekognition-headroom',
      metric: new MathExpression({
        expression: `100 * starts * ${LIVENESS_SESSION_SECONDS} / 60 / ${settings.livenessSessionsAtOnce ?? defaultSessionsAtOnce(settings.livenessRegion)}`,
        usingMetrics: { starts: metrics.livenessStarts(Duration.minutes(1)) },
        label: 'concurrent liveness sessions, percent of the quota',
        period: Duration.minutes(1),
      }),
      threshold: 70,
      periods: 3,
      comparison: above,
    },
    {
      name: 'UnavailableOutcomes',
      runbook: 'unavailable-outcomes',
      metric: new MathExpression({
        expression: '100 * part / (whole + 0.001)',
        usingMetrics: { part: metrics.outcomes('unavailable'), whole: metrics.outcomes(...ENDED) },
        label: 'logins that ended unavailable, percent',
        period: FIVE_MINUTES,
      }),
      threshold: 1,
      periods: 3,
      comparison: above,
    },
    {
      name: 'LockoutSpike',
      runbook: 'lockout-spike',
      metric: metrics.outcomes('locked'),
      threshold: 20,
      periods: 1,
      comparison: above,
    },
    {
      name: 'ReportedLogins',
      runbook: 'reported-logins',
      metric: metrics.outcomes('reported'),
      threshold: 3,
      periods: 1,
      comparison: above,
    },
    {
      name: 'LivenessSpend',
      runbook: 'liveness-spend',
      metric: metrics.livenessStarts(Duration.days(1)),
      threshold: settings.dailyLivenessLimit,
      periods: 1,
      comparison: above,
    },
    ...jobAlarmRules(settings, functions),
    ...overFunctions(
      all.filter(([name]) => answering.has(name)),
      {
        name: 'NotThroughFrontDoor',
        runbook: 'not-through-the-front-door',
        threshold: 10,
        periods: 1,
        comparison: above,
      },
      (name) => metrics.of(name, 'Problems', { code: 'not-through-front-door' }),
    ),
  ];
};
