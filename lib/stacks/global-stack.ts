import {
  BootstraplessSynthesizer,
  type IStackSynthesizer,
  ReferenceStrength,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { alarmTopic } from '../constructs/alarm-topic.ts';
import { StageAlarms } from '../constructs/stage-alarms.ts';
import { frontDoorAlarmRules } from '../front-door-alarms.ts';
import type { Settings } from '../settings.ts';
import type { WebStack } from './web-stack.ts';

/** The region of CloudFront's metrics; not every other region has budgets. */
export const GLOBAL_REGION = 'us-east-1';

export interface GlobalStackProps extends StackProps {
  readonly settings: Settings;
  readonly web: WebStack;
}

/**
 * The roles that were bootstrapped in the stage's region. They work in every region, so the stack, which uploads nothing, needs no
 * bootstrapping of its own (CDK, BootstraplessSynthesizer).
 */
const rolesOf = (region: string): IStackSynthesizer => {
  const role = (name: string) =>
    `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cdk-hnb659fds-${name}-role-\${AWS::AccountId}-${region}`;
  // CDK's class has an undefined member that its interface calls required, which the compiler's strictest setting distinguishes.
  return new BootstraplessSynthesizer({
    deployRoleArn: role('deploy'),
    cloudFormationExecutionRoleArn: role('cfn-exec'),
  }) as IStackSynthesizer;
};

/** What watches a stage from outside its region, for the address in `alarmEmail`: the distribution's errors and the monthly bill. */
export class GlobalStack extends Stack {
  constructor(scope: Construct, id: string, { settings, web, ...props }: GlobalStackProps) {
    super(scope, id, { ...props, synthesizer: rolesOf(web.region) });
    // Weak: CDK's strong references to another region need functions of their own, and this one is read only when the stack is deployed.
    const distributionId = Stack.consumeReference(web.distribution.distributionId, ReferenceStrength.WEAK);
    new StageAlarms(this, 'FrontDoor', {
      topic: alarmTopic(this, settings),
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
