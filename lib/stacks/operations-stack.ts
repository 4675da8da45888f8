import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  Dashboard,
  GraphWidget,
  type IMetric,
  Stats,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { ROUTES } from '../../contract/api/routes.ts';
import { OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { alarmRules } from '../alarms.ts';
import { FIVE_MINUTES, StageMetrics } from '../metrics.ts';
import type { Settings } from '../settings.ts';
import type { ServiceStack } from './service-stack.ts';
import type { WebStack } from './web-stack.ts';

export interface OperationsStackProps extends StackProps {
  readonly settings: Settings;
  readonly web: WebStack;
  readonly service: ServiceStack;
}

/** The runbook that the alarms' descriptions link to. */
const RUNBOOK = 'https://github.com/verified-face-factor/verified/blob/main/docs/runbook.md';

/** Alarms, each with its heading in the runbook, one dashboard, and the optional budget. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { settings, web, service } = props;
    const topic = this.#makeTopic(settings);
    for (const rule of alarmRules({ settings, functions: service.functions, apiId: web.api.apiId })) {
      const alarm = new Alarm(this, rule.name, {
        alarmName: `${this.stackName}/${rule.name}`,
        alarmDescription: `${RUNBOOK}#${rule.runbook}`,
        metric: rule.metric,
        threshold: rule.threshold,
        evaluationPeriods: rule.periods,
        comparisonOperator: rule.comparison,
        treatMissingData:
          rule.name === 'HousekeepingStopped' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
    this.#makeDashboard(settings, service);
    if (settings.monthlyBudgetUsd !== undefined) this.#makeBudget(settings, settings.monthlyBudgetUsd);
  }

  #makeTopic({ alarmEmail }: Settings): Topic {
    const key = new Key(this, 'AlarmKey', {
      description: 'Verified: alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Without this CloudWatch cannot write to an encrypted topic, and nobody would be notified.
    key.addToResourcePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const topic = new Topic(this, 'Alarms', { displayName: 'Verified alarms', masterKey: key, enforceSSL: true });
    // A topic with its own policy loses SNS's default one, which lets alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }

  #makeDashboard({ stage }: Settings, { functions }: ServiceStack): void {
    const graph = (title: string, left: IMetric[], width = 12) => new GraphWidget({ title, left, width, height: 6 });
    const metrics = new StageMetrics(stage);
    const lambdas = [...functions.values()].map(({ lambda }) => lambda);
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new TextWidget({ markdown: `# Verified ${stage}\nWhat to do: [runbook](${RUNBOOK})`, width: 24, height: 2 })],
        [
          graph(
            'How logins ended',
            OUTCOMES.map((outcome) => metrics.of('session', 'Outcomes', { outcome })),
          ),
          graph('Logins opened, liveness starts', [
            metrics.of('session', 'SessionsOpened'),
            metrics.livenessStarts(FIVE_MINUTES),
          ]),
        ],
        [
          graph(
            'Time per route, p99 ms',
            ROUTES.map(({ method, path, lambda }) =>
              metrics.of(lambda, 'RequestMs', { route: `${method} ${path}` }).with({ statistic: Stats.percentile(99) }),
            ),
          ),
          graph(
            'Problems',
            ['session', 'enroll', 'verify'].flatMap((service) =>
              ['unavailable', 'internal-error', 'bad-link'].map((code) => metrics.of(service, 'Problems', { code })),
            ),
          ),
        ],
        [
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
        ],
      ],
    });
  }

  #makeBudget({ alarmEmail, stage }: Settings, amount: number): void {
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `verified-${stage}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:stage$${stage}`] },
      },
      notificationsWithSubscribers:
        alarmEmail === undefined
          ? []
          : [80, 100].map((threshold) => ({
              notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold },
              subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
            })),
    });
  }
}
