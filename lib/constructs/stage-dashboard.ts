import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ROUTES } from '../../contract/api/routes.ts';
import { OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { RUNBOOK } from '../alarm-rule.ts';
import { FIVE_MINUTES, StageMetrics } from '../metrics.ts';
import type { LambdaFunction } from './lambda-function.ts';

export interface StageDashboardProps {
  readonly stage: string;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

const graph = (title: string, left: IMetric[], width = 12): IWidget =>
  new GraphWidget({ title, left, width, height: 6 });

const ofLogins = (metrics: StageMetrics): IWidget[] => [
  graph(
    'How logins ended',
    OUTCOMES.map((outcome) => metrics.of('session', 'Outcomes', { outcome })),
  ),
  graph('Logins opened, liveness starts', [
    metrics.of('session', 'SessionsOpened'),
    metrics.livenessStarts(FIVE_MINUTES),
  ]),
];

const ofRequests = (metrics: StageMetrics): IWidget[] => [
  graph(
    'Time per route, p99 ms',
    ROUTES.map(({ method, path, lambda }) =>
      metrics.of(lambda, 'RequestMs', { route: `${method} ${path}` }).with({ statistic: Stats.percentile(99) }),
    ),
  ),
  graph('Problems', [
    ...['session', 'enroll', 'verify'].flatMap((service) =>
      ['unavailable', 'internal-error', 'bad-link'].map((code) => metrics.of(service, 'Problems', { code })),
    ),
    metrics.of('session', 'Problems', { code: 'mail-not-sent' }),
  ]),
];

const ofFunctions = (functions: StageDashboardProps['functions']): IWidget[] => {
  const lambdas = [...functions.values()].map(({ lambda }) => lambda);
  return [
    graph(
      'Errors of functions',
      lambdas.map((lambda) => lambda.metricErrors()),
      8,
    ),
    graph(
      'Throttled',
      lambdas.map((lambda) => lambda.metricThrottles()),
      8,
    ),
    graph(
      'Running at once',
      lambdas.map((lambda) => lambda.metric('ConcurrentExecutions', { statistic: 'max' })),
      8,
    ),
  ];
};

/** The dashboard of a stage. */
export class StageDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { stage, functions }: StageDashboardProps) {
    const metrics = new StageMetrics(stage);
    super(scope, id, {
      defaultInterval: Duration.days(1),
      widgets: [
        [new TextWidget({ markdown: `# Verified ${stage}\nWhat to do: [runbook](${RUNBOOK})`, width: 24, height: 2 })],
        ofLogins(metrics),
        ofRequests(metrics),
        ofFunctions(functions),
      ],
    });
  }
}
