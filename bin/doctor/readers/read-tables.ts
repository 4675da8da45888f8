import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { QUEUES, readDrainedThrough } from '../../../lambdas/adapters/dynamodb/jobs/drained-days.ts';
import type { Clients } from '../clients.ts';
import { DUE_JOBS_TABLE, resourcesOf } from '../declared.ts';
import type { Deployed, DrainedDays, TableState } from '../facts.ts';
import { Unread } from '../reading.ts';

const readTable = async ({ dynamodb }: Clients, name: string): Promise<TableState> => {
  const [{ Table }, { ContinuousBackupsDescription }, { TimeToLiveDescription }] = await Promise.all([
    dynamodb.send(new DescribeTableCommand({ TableName: name })),
    dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
    dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
  ]);
  const { AttributeName = null, TimeToLiveStatus = '' } = TimeToLiveDescription ?? {};
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return {
    name,
    status: Table?.TableStatus ?? '',
    isProtected: Table?.DeletionProtectionEnabled === true,
    isRecoverable: recovery === 'ENABLED',
    timeToLive: ['ENABLED', 'ENABLING'].includes(TimeToLiveStatus) ? AttributeName : null,
    keyArn: Table?.SSEDescription?.SSEType === 'KMS' ? (Table.SSEDescription.KMSMasterKeyArn ?? null) : null,
  };
};

export const readTables = (clients: Clients, deployed: Deployed): Promise<readonly TableState[]> =>
  Promise.all(resourcesOf(deployed, 'AWS::DynamoDB::Table').map(({ physicalId }) => readTable(clients, physicalId)));

/** The rows in which housekeeping notes how far it came; no job and nothing of a user. */
export const readDrained = async ({ dynamodb }: Clients, deployed: Deployed): Promise<DrainedDays> => {
  const tables = resourcesOf(deployed, 'AWS::DynamoDB::Table');
  const table = tables.find(({ logicalId }) => logicalId.startsWith(DUE_JOBS_TABLE));
  if (table === undefined) throw new Unread('The stage has no table of due jobs.');
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const days = QUEUES.map(
    async (queue) => [queue, await readDrainedThrough(documents, table.physicalId, queue)] as const,
  );
  return Object.fromEntries(await Promise.all(days));
};
