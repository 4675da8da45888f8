import { randomUUID } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import {
  type DueJob,
  dayOf,
  daysBetween,
  type Job,
  type JobQueue,
  type QueuedJob,
  type QueueName,
  queueOf,
} from '../../../core/model/job.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { type NamedItems, numbered, type TransactItem, transact } from '../table/transact.ts';
import { cursorOf, QUEUE_PREFIX, readDrainedThrough } from './drained-days.ts';
import { jobRow, readJob } from './job-item.ts';

/** Around midnight, writers may still add to the day that just ended. */
const LATE_WRITER_SECONDS = 3600;
/** How far back the very first run reads, when there is no cursor yet. */
const FIRST_RUN_BACK_SECONDS = 30 * 86_400;

/** Sorts by time: ten digits until the year 2286. */
const dueKeyOf = (dueAt: EpochSeconds, workId: string): string => `${dueAt}#${workId}`;

/** A job's row, in the partition where it belongs. */
const rowOf = ({ dueAt, workId, work, failures }: Omit<QueuedJob, 'dueDay'>) => {
  const dueDay = `${QUEUE_PREFIX[queueOf(work)]}${dayOf(dueAt)}`;
  return jobRow({ dueDay, workId, dueAt, failures, work }, dueKeyOf(dueAt, workId));
};
/** The key of a job. */
const keyOf = ({ dueDay, dueAt, workId }: QueuedJob) => ({ dueDay, dueKey: dueKeyOf(dueAt, workId) });

/** A put of one job, for the transaction that gives rise to it. */
export const jobPut = (table: string, work: Job, dueAt: EpochSeconds): TransactItem => ({
  Put: { TableName: table, Item: rowOf({ workId: randomUUID(), dueAt, failures: 0, work }) },
});

/** Puts of several jobs, for one transaction. */
export const jobPuts = (table: string, jobs: readonly DueJob[]): NamedItems =>
  numbered(
    'job',
    jobs.map(({ work, dueAt }) => jobPut(table, work, dueAt)),
  );

/** Jobs in one table, with one partition per day and queue: what is due is read by a few queries and never by a scan. */
export class JobStore implements JobQueue {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async add(work: Job, dueAt: EpochSeconds): Promise<void> {
    const { Put } = jobPut(this.#table, work, dueAt);
    if (Put !== undefined) await this.#client.send(new PutCommand(Put)).catch(unavailable('DynamoDB PutItem'));
  }

  async due(queue: QueueName, now: EpochSeconds, limit: number): ReturnType<JobQueue['due']> {
    const rows: unknown[] = [];
    const first = await this.#firstDay(queue, now);
    let isDrained = true;
    for (const day of daysBetween(first, dayOf(now))) {
      const onDay = await this.#dueOn(`${QUEUE_PREFIX[queue]}${day}`, now, limit - rows.length);
      rows.push(...onDay);
      if (rows.length >= limit) break;
      isDrained &&= onDay.length === 0;
      if (isDrained) await this.#drained(queue, day, now);
    }
    const items = rows.flatMap((row) => readJob(row) ?? []);
    return { items, unreadable: rows.length - items.length };
  }

  async done(item: QueuedJob): Promise<void> {
    await this.#client
      .send(new DeleteCommand({ TableName: this.#table, Key: keyOf(item) }))
      .catch(unavailable('DynamoDB DeleteItem'));
  }

  async postpone(item: QueuedJob, dueAt: EpochSeconds, failures: number): Promise<void> {
    await transact(this.#client, {
      before: { Delete: { TableName: this.#table, Key: keyOf(item) } },
      after: { Put: { TableName: this.#table, Item: rowOf({ ...item, dueAt, failures }) } },
    });
  }

  async #dueOn(dueDay: string, now: EpochSeconds, limit: number): Promise<readonly unknown[]> {
    const rows: unknown[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'dueDay = :day AND dueKey < :end',
      ExpressionAttributeValues: { ':day': dueDay, ':end': dueKeyOf(addSeconds(now, 1), '') },
      ConsistentRead: true,
    };
    let after: Record<string, unknown> | undefined;
    // One response holds a megabyte at most.
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client
        .send(new QueryCommand({ ...query, Limit: limit - rows.length, ExclusiveStartKey: after }))
        .catch(unavailable('DynamoDB Query'));
      rows.push(...Items);
      after = LastEvaluatedKey;
    } while (after !== undefined && rows.length < limit);
    return rows;
  }

  async #firstDay(queue: QueueName, now: EpochSeconds): Promise<string> {
    const drained = await readDrainedThrough(this.#client, this.#table, queue).catch(unavailable('DynamoDB GetItem'));
    if (drained === null) return dayOf(addSeconds(now, -FIRST_RUN_BACK_SECONDS));
    return dayOf(addSeconds(epochSeconds(Date.parse(drained) / 1000), 86_400));
  }

  /** Notes that nothing is left in a queue for `day`, once nothing can be added to it any more. */
  async #drained(queue: QueueName, day: string, now: EpochSeconds): Promise<void> {
    if (day >= dayOf(addSeconds(now, -LATE_WRITER_SECONDS))) return;
    await this.#client
      .send(new PutCommand({ TableName: this.#table, Item: { ...cursorOf(queue), drainedThrough: day } }))
      .catch(unavailable('DynamoDB PutItem'));
  }
}
