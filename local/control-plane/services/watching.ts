import { allOf } from '../model.ts';
import { jsonService, queryService } from '../protocols.ts';

/** Alarms and their states (CloudWatch API reference, DescribeAlarms). */
export const cloudWatch = jsonService('cloudwatch', {
  DescribeAlarms: ({ AlarmNames }, { model, region }) => {
    const wanted = Array.isArray(AlarmNames) ? AlarmNames : [];
    const found = allOf(model, 'AWS::CloudWatch::Alarm').filter(
      (alarm) => alarm.region === region && wanted.includes(alarm.physicalId),
    );
    return {
      MetricAlarms: found.map(({ physicalId, properties, state }) => ({
        AlarmName: physicalId,
        AlarmActions: properties['AlarmActions'] ?? [],
        ActionsEnabled: properties['ActionsEnabled'] ?? true,
        StateValue: state['alarm'] ?? 'OK',
      })),
    };
  },
});

/** Log groups by prefix (CloudWatch Logs API reference, DescribeLogGroups). */
export const logs = jsonService('logs', {
  DescribeLogGroups: ({ logGroupNamePrefix }, { model, region }) => ({
    logGroups: allOf(model, 'AWS::Logs::LogGroup')
      .filter((group) => group.region === region && group.physicalId.startsWith(String(logGroupNamePrefix)))
      .map(({ physicalId, properties: { RetentionInDays } }) => ({
        logGroupName: physicalId,
        ...(RetentionInDays === undefined ? {} : { retentionInDays: RetentionInDays }),
      })),
  }),
});

/** Subscriptions of a topic (SNS API reference, ListSubscriptionsByTopic). */
export const sns = queryService('sns', {
  ListSubscriptionsByTopic: (form, { model }) => ({
    Subscriptions: {
      member: allOf(model, 'AWS::SNS::Subscription')
        .filter(({ properties }) => properties['TopicArn'] === form.get('TopicArn'))
        .map(({ physicalId, properties, state }) => ({
          // SNS names no ARN until the recipient has confirmed.
          SubscriptionArn: state['isPending'] === true ? 'PendingConfirmation' : physicalId,
          Protocol: String(properties['Protocol']),
          Endpoint: String(properties['Endpoint']),
          TopicArn: String(properties['TopicArn']),
        })),
    },
  }),
});
