import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type EpochSeconds, epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { Statistics } from '../../../core/logins/read-statistics.ts';
import type { CountedLogin } from '../../../core/model/login-end.ts';
import { type LoginCounts, sumOfCounts } from '../../../core/model/login-statistics.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { figuresEnd } from '../../../core/model/record-end.ts';
import type { Session } from '../../../core/model/session.ts';
import { hasEnded } from '../table/row-end.ts';
import type { TransactItem } from '../table/transact.ts';

/**
 * Rows per hour, so that logins of one integration seldom collide in one: transactions that write the same row at the same moment
 * exclude each other, and one has to try again.
 */
const SHARDS = 16;

/** The row that counts a login: derived from the session's random secret. */
const shardOf = ({ cookieHash }: Session): number => Number.parseInt(cookieHash.slice(0, 2), 16) % SHARDS;

/** Adds one ended login to the counts of its hour, for the transaction that ends it. The hour's first login writes the row's end. */
export const countLogin = (table: string, session: Session, { hour, counts }: CountedLogin): TransactItem => {
  const added = Object.entries(counts);
  return {
    Update: {
      TableName: table,
      Key: { integrationId: session.integrationId, hourKey: `${hour}#${shardOf(session)}` },
      UpdateExpression: `SET removeAt = if_not_exists(removeAt, :removeAt) ADD ${added.map((_, index) => `#c${index} :c${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(added.map(([name], index) => [`#c${index}`, name])),
      ExpressionAttributeValues: {
        ':removeAt': figuresEnd(hour),
        ...Object.fromEntries(added.map(([, count], index) => [`:c${index}`, count])),
      },
    },
  };
};

const Row = z
  .object({ integrationId: z.string(), hourKey: z.string(), removeAt: z.number().optional() })
  .catchall(z.number())
  .transform(({ integrationId: _integration, hourKey, removeAt: _end, ...counts }) => ({
    hour: epochSeconds(Number(hourKey.split('#')[0])),
    counts: counts as LoginCounts,
  }));

/** Counts of ended logins by hour. */
export class StatisticsStore implements Statistics {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async hours(...[integrationId, from, to, now]: Parameters<Statistics['hours']>): ReturnType<Statistics['hours']> {
    const byHour = new Map<EpochSeconds, LoginCounts[]>();
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        KeyConditionExpression: 'integrationId = :integration AND hourKey BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':integration': integrationId,
          ':from': `${String(from).padStart(10, '0')}#`,
          ':to': `${to}#~`,
        },
      },
    );
    try {
      for await (const { Items = [] } of pages) {
        const kept = Items.filter((row) => !hasEnded(row, now));
        for (const { hour, counts } of kept.map((row) => Row.parse(row))) {
          byHour.set(hour, [...(byHour.get(hour) ?? []), counts]);
        }
      }
    } catch (error) {
      return unavailable('DynamoDB Query')(error);
    }
    return [...byHour].map(([hour, all]) => ({ hour, counts: sumOfCounts(all) }));
  }
}
