import { ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { rolesOf } from '../bootstrap-roles.ts';
import { alarmTopic } from '../constructs/alarm-topic.ts';
import { type AlarmTarget, StageAlarms } from '../constructs/stage-alarms.ts';
import { frontDoorAlarmRules } from '../front-door-alarms.ts';
import type { Settings } from '../settings.ts';
import type { WebStack } from './web-stack.ts';

/** The region of CloudFront's metrics; not every other region has budgets. */
export const GLOBAL_REGION = 'us-east-1';

export interface GlobalStackProps extends StackProps {
  readonly settings: Settings;
  readonly web: WebStack;
  /** Where its alarms go, instead of a topic of its own that notifies `alarmEmail`. */
  readonly alarmTopic?: AlarmTarget;
}

/** What watches a stage from outside its region: alarms on the distribution's errors, and the monthly bill. */
export class GlobalStack extends Stack {
  constructor(scope: Construct, id: string, { settings, web, alarmTopic: given, ...props }: GlobalStackProps) {
    super(scope, id, { ...props, synthesizer: rolesOf(scope, web.region) });
    // Weak: CDK's strong references to another region need functions of their own, and this one is read only when the stack is deployed.
    const distributionId = Stack.consumeReference(web.distribution.distributionId, ReferenceStrength.WEAK);
    new StageAlarms(this, 'FrontDoor', {
      topic: given ?? alarmTopic(this, settings),
      rules: frontDoorAlarmRules(distributionId),
    });
    if (settings.monthlyBudgetUsd !== undefined) this.#makeBudget(settings, settings.monthlyBudgetUsd);
  }

  /**
   * Without a name: CloudFormation replaces a budget whose recipients change, and a fixed name would exist already. Without a filter: it
   * counts the whole account, since Rekognition, nine tenths of the bill, has no tags to count by.
   */
  #makeBudget({ alarmEmail = '' }: Settings, amount: number): void {
    new CfnBudget(this, 'Budget', {
      budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount, unit: 'USD' } },
      notificationsWithSubscribers: [80, 100].map((threshold) => ({
        notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold },
        subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
      })),
    });
  }
}
