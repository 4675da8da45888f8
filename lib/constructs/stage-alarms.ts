import { Stack } from 'aws-cdk-lib';
import { Alarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRule, RUNBOOK } from '../alarm-rule.ts';

/** A topic, or its ARN. */
export type AlarmTarget = ITopic | string;

/** Alarms that notify a topic, each with a link to its heading in the runbook. */
export class StageAlarms extends Construct {
  constructor(scope: Construct, id: string, { topic, rules }: { topic: AlarmTarget; rules: readonly AlarmRule[] }) {
    super(scope, id);
    const target = typeof topic === 'string' ? Topic.fromTopicArn(this, 'Topic', topic) : topic;
    for (const rule of rules) {
      const alarm = new Alarm(this, rule.name, {
        alarmName: `${Stack.of(this).stackName}/${rule.name}`,
        alarmDescription: `${RUNBOOK}#${rule.runbook}`,
        metric: rule.metric,
        threshold: rule.threshold,
        evaluationPeriods: rule.periods,
        comparisonOperator: rule.comparison,
        treatMissingData: rule.goesOffWithoutData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(target));
      alarm.addOkAction(new SnsAction(target));
    }
  }
}
