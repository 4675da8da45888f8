import type { ComparisonOperator, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { LambdaFunction } from './constructs/lambda-function.ts';
import type { Settings } from './settings.ts';

/** The runbook that the alarms' descriptions link to. */
export const RUNBOOK = 'https://github.com/verified-face-factor/verified/blob/main/docs/runbook.md';

/** One alarm: its metric, its threshold, and the heading of docs/runbook.md that says what to do. */
export interface AlarmRule {
  readonly name: string;
  /** Heading in docs/runbook.md, as its anchor; a test makes sure that it exists. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Consecutive periods of the metric. */
  readonly periods: number;
  readonly comparison: ComparisonOperator;
  /** Also goes off while the metric has no data; all others then do not. */
  readonly goesOffWithoutData?: true;
}

export interface Watched {
  readonly settings: Settings;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly apiId: string;
}
