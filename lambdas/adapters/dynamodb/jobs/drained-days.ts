import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { QueueName } from '../../../core/model/job.ts';

/** Prefixes of the queues' partitions. The first release had one queue, without a prefix. */
export const QUEUE_PREFIX: Readonly<Record<QueueName, string>> = {
  people: '',
  events: 'event#',
  deliveries: 'delivery#',
  sessions: 'session#',
  starts: 'start#',
};
/** Every queue. */
export const QUEUES = Object.keys(QUEUE_PREFIX) as readonly QueueName[];

/** The row that holds the last day of which nothing is left in a queue. Its sort key is not a time, so it is never due. */
export const cursorOf = (queue: QueueName) => ({ dueDay: `${QUEUE_PREFIX[queue]}cursor`, dueKey: 'cursor' });
const Cursor = z.object({ drainedThrough: z.string() });

/** The last day (UTC, such as `2026-11-28`) of which nothing is left in a queue; null before housekeeping's first run. */
export const readDrainedThrough = async (
  client: DynamoDBDocumentClient,
  table: string,
  queue: QueueName,
): Promise<string | null> => {
  const { Item: row } = await client.send(
    new GetCommand({ TableName: table, Key: cursorOf(queue), ConsistentRead: true }),
  );
  return row === undefined ? null : Cursor.parse(row).drainedThrough;
};
