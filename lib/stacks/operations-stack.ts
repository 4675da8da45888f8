import { Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmTopic } from '../constructs/alarm-topic.ts';
import type { Settings } from '../settings.ts';

export interface OperationsStackProps extends StackProps {
  readonly settings: Settings;
}

/**
 * Where alarms go. The alarms themselves are in the service's stack, beside the functions that they watch: in a stack of their own they
 * would import every function's name, and CloudFormation removes no function whose name another stack still imports.
 */
export class OperationsStack extends Stack {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const topic = alarmTopic(this, props.settings);
    this.exportValue(topic.topicArn);
    this.topic = topic;
  }
}
