import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRule, Watched } from './alarm-rule.ts';
import { FIVE_MINUTES, StageMetrics, sumOf } from './metrics.ts';

/** The only alarm that goes off without data: a schedule that is gone leaves none. */
const stopped = (functions: Watched['functions']): AlarmRule => {
  const housekeeping = functions.get('housekeeping')?.lambda.metricInvocations({ period: FIVE_MINUTES });
  if (housekeeping === undefined) throw new Error('there is no function housekeeping');
  return {
    name: 'HousekeepingStopped',
    runbook: 'housekeeping-stopped',
    metric: sumOf({ housekeeping }, 'runs of housekeeping'),
    threshold: 1,
    periods: 3,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    goesOffWithoutData: true,
  };
};

/** Alarms on housekeeping and its queues. */
export const jobAlarmRules = (
  { stage }: Watched['settings'],
  functions: Watched['functions'],
): readonly AlarmRule[] => {
  const metrics = new StageMetrics(stage);
  return [
    stopped(functions),
    {
      name: 'WorkGivenUp',
      runbook: 'jobs-abandoned',
      metric: sumOf(
        {
          givenUp: metrics.of('housekeeping', 'Problems', { code: 'due-work-given-up' }),
          unreadable: metrics.of('housekeeping', 'Problems', { code: 'due-work-unreadable' }),
        },
        'jobs that housekeeping abandoned',
      ),
      threshold: 0,
      periods: 1,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    },
    {
      name: 'LateJobs',
      runbook: 'late-jobs',
      metric: metrics.oldestJobSeconds(),
      threshold: 30 * 60,
      periods: 2,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    },
  ];
};
