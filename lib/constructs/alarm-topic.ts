import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Settings } from '../settings.ts';

/**
 * The encrypted topic that the alarms of a region notify. Alarms can only notify a topic in their own region.
 *
 * The conditions are what AWS documents for CloudWatch (SNS developer guide, "Example cases for Amazon SNS access control"; AWS's own
 * MDAA library grants the key with the same condition). For EventBridge, in contrast, KMS policies must not have them.
 */
export const alarmTopic = (stack: Stack, { alarmEmail }: Pick<Settings, 'alarmEmail'>): Topic => {
  const conditions = { StringEquals: { 'aws:SourceAccount': stack.account } };
  const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
  const key = new Key(stack, 'AlarmKey', {
    description: 'Verified: alarms',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // Without this CloudWatch cannot write to an encrypted topic, and nobody would be notified.
  key.addToResourcePolicy(
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], principals, resources: ['*'], conditions }),
  );
  const topic = new Topic(stack, 'Alarms', { displayName: 'Verified alarms', masterKey: key, enforceSSL: true });
  // A topic with its own policy loses SNS's default one, which lets alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({ actions: ['sns:Publish'], principals, resources: [topic.topicArn], conditions }),
  );
  if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
};
