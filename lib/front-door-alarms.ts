import { ComparisonOperator, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRule } from './alarm-rule.ts';
import { FIVE_MINUTES } from './metrics.ts';

/**
 * Alarms on the distribution, whose metrics exist in us-east-1 only (CloudFront developer guide, "View CloudFront and edge function
 * metrics"): what users see of errors that never reach the API, such as those of the pages' bucket and of CloudFront itself.
 */
export const frontDoorAlarmRules = (distributionId: string): readonly AlarmRule[] => {
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/CloudFront',
      metricName,
      dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
      statistic,
      period: FIVE_MINUTES,
    });
  return [
    {
      name: 'FrontDoorErrors',
      runbook: 'errors-at-the-front-door',
      // CloudFront reports a rate; one error of three requests at night is no incident.
      metric: new MathExpression({
        expression: 'requests * rate / 100',
        usingMetrics: { requests: metric('Requests', Stats.SUM), rate: metric('5xxErrorRate', Stats.AVERAGE) },
        label: 'answers of 5xx by the distribution',
        period: FIVE_MINUTES,
      }),
      threshold: 10,
      periods: 2,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    },
  ];
};
