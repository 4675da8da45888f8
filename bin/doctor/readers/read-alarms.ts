import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import type { Clients, ClientsIn } from '../clients.ts';
import { resourcesOf } from '../declared.ts';
import type { AlarmState, Deployed, DeployedResource, Retentions, Subscriptions } from '../facts.ts';
import { allPages } from '../reading.ts';

/** Names in one call (CloudWatch API reference, DescribeAlarms). */
const ALARMS_AT_ONCE = 100;

const groupBy = (resources: readonly DeployedResource[]): ReadonlyMap<string, readonly string[]> => {
  const names = new Map<string, string[]>();
  for (const { region, physicalId } of resources) names.set(region, [...(names.get(region) ?? []), physicalId]);
  return names;
};

const readSome = async ({ cloudWatch }: Clients, AlarmNames: string[]): Promise<readonly AlarmState[]> => {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 }));
  return MetricAlarms.map(({ AlarmName = '', StateValue = '', ActionsEnabled, AlarmActions = [] }) => ({
    name: AlarmName,
    state: StateValue,
    isHeard: ActionsEnabled !== false && AlarmActions.length > 0,
  }));
};

/** Every alarm that the stage declares and that exists. */
export const readAlarms = async (clientsIn: ClientsIn, deployed: Deployed): Promise<readonly AlarmState[]> => {
  const calls = [...groupBy(resourcesOf(deployed, 'AWS::CloudWatch::Alarm'))].flatMap(([region, names]) =>
    Array.from({ length: Math.ceil(names.length / ALARMS_AT_ONCE) }, (_, at) =>
      readSome(clientsIn(region), names.slice(at * ALARMS_AT_ONCE, (at + 1) * ALARMS_AT_ONCE)),
    ),
  );
  return (await Promise.all(calls)).flat();
};

/** How many receive the alarms; SNS also says who, which is not kept. */
export const readSubscriptions = async (clientsIn: ClientsIn, deployed: Deployed): Promise<Subscriptions> => {
  const topics = resourcesOf(deployed, 'AWS::SNS::Topic').map(async ({ region, physicalId: TopicArn }) => {
    const { sns } = clientsIn(region);
    const pages = await allPages(
      (NextToken) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken })),
      (page) => page.NextToken,
    );
    return pages.flatMap(({ Subscriptions: some = [] }) => some.map(({ SubscriptionArn = '' }) => SubscriptionArn));
  });
  const arns = (await Promise.all(topics)).flat();
  const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
  return { confirmed, pending: arns.length - confirmed };
};

const readRetention = async ({ logs }: Clients, name: string) => {
  const pages = await allPages(
    (nextToken) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken })),
    (page) => page.nextToken,
  );
  const groups = pages.flatMap(({ logGroups = [] }) => logGroups);
  const group = groups.find(({ logGroupName }) => logGroupName === name);
  return group === undefined ? undefined : (group.retentionInDays ?? null);
};

/** How long each log group of the stage keeps its lines. */
export const readRetentions = async (clientsIn: ClientsIn, deployed: Deployed): Promise<Retentions> => {
  const retentions: Record<string, number | null | undefined> = {};
  // One after the other: CloudWatch Logs refuses bursts of this call (CloudWatch Logs quotas, DescribeLogGroups).
  for (const { region, physicalId } of resourcesOf(deployed, 'AWS::Logs::LogGroup')) {
    retentions[physicalId] = await readRetention(clientsIn(region), physicalId);
  }
  return retentions;
};
