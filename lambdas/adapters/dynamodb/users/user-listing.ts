import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Slice } from '../../../core/model/page.ts';
import { MAX_STARTS } from '../../../core/model/paid-starts.ts';
import { Problem } from '../../../core/model/problem.ts';
import type { User } from '../../../core/model/user.ts';
import type { UserListing } from '../../../core/users/list-users.ts';
import { batchGet } from '../table/batch-get.ts';
import { queryPage } from '../table/query-page.ts';
import { listedAs, parseUser } from './user-item.ts';

/** Rows per read of a listing that keeps few of its rows. */
const ROWS_PER_SCAN = 1000;

/** Which rows, in which order, and how a place in that order is written. */
const orderOf = (integrationId: string, listing: UserListing) => {
  const byExternalId = {
    placeOf: (row: Record<string, unknown>) => String(row['externalId']),
    keyOf: (place: string) => ({ integrationId, externalId: place }),
  };
  const prefix = listing.prefix === '' ? null : { ':prefix': listing.prefix };
  const andPrefix = prefix === null ? '' : ' AND begins_with(externalId, :prefix)';
  switch (listing.of) {
    case 'all':
      return {
        query: {
          KeyConditionExpression: `integrationId = :integration${andPrefix}`,
          ExpressionAttributeValues: { ':integration': integrationId, ...prefix },
        },
        ...byExternalId,
      };
    case 'state': {
      const listed = listedAs(integrationId, listing.state);
      return {
        query: {
          IndexName: 'byState',
          KeyConditionExpression: `listedAs = :listed${andPrefix}`,
          ExpressionAttributeValues: { ':listed': listed, ...prefix },
        },
        placeOf: byExternalId.placeOf,
        keyOf: (place: string) => ({ integrationId, externalId: place, listedAs: listed }),
      };
    }
    case 'starts-spent':
      return {
        query: {
          KeyConditionExpression: `integrationId = :integration${andPrefix}`,
          FilterExpression:
            'starts >= :most AND startsSince > :startsSince AND (attribute_not_exists(failingIn) OR lastAttemptAt <= :failedSince)',
          ExpressionAttributeValues: {
            ':integration': integrationId,
            ':most': MAX_STARTS,
            ':startsSince': listing.startsSince,
            ':failedSince': listing.failedSince,
            ...prefix,
          },
        },
        ...byExternalId,
      };
    case 'failed-since':
      return {
        query: {
          IndexName: 'byFailure',
          KeyConditionExpression: 'failingIn = :integration AND lastAttemptAt > :since',
          ...(prefix === null ? {} : { FilterExpression: 'begins_with(externalId, :prefix)' }),
          ExpressionAttributeValues: { ':integration': integrationId, ':since': listing.since, ...prefix },
          ScanIndexForward: false,
        },
        placeOf: (row: Record<string, unknown>) => `${row['lastAttemptAt']}#${row['externalId']}`,
        keyOf: (place: string) => {
          const [, seconds, externalId] = /^(\d{10})#(.+)$/s.exec(place) ?? [];
          if (seconds === undefined) throw new Problem('invalid-request', 'query cursor');
          return { integrationId, failingIn: integrationId, lastAttemptAt: Number(seconds), externalId };
        },
      };
  }
};

/** The rows whose keys an index returned, as they are now, in the index's order; undefined for one that is gone. */
const rowsInOrder = async (
  client: DynamoDBDocumentClient,
  table: string,
  integrationId: string,
  keys: readonly Record<string, unknown>[],
) => {
  const rows = await batchGet(
    client,
    table,
    keys.map(({ externalId }) => ({ integrationId, externalId })),
    true,
  );
  const byId = new Map(rows.map((row) => [row['externalId'], row]));
  return keys.map(({ externalId }) => byId.get(externalId));
};

/** One read of a listing, from after a place in its order. */
export const sliceOfUsers = async (
  client: DynamoDBDocumentClient,
  table: string,
  integrationId: string,
  listing: UserListing,
  { after, want }: { readonly after: string | null; readonly want: number },
): Promise<Slice<User>> => {
  const order = orderOf(integrationId, listing);
  const query: QueryCommandInput = {
    TableName: table,
    ...order.query,
    Limit: listing.of === 'starts-spent' ? ROWS_PER_SCAN : want,
    ...(after === null ? {} : { ExclusiveStartKey: order.keyOf(after) }),
  };
  const { Items = [], LastEvaluatedKey } = await queryPage(client, query);
  const rows = query.IndexName === undefined ? Items : await rowsInOrder(client, table, integrationId, Items);
  return {
    // The place is that in the index, although the row may have changed since.
    rows: rows.flatMap((row, index) =>
      row === undefined ? [] : [{ row: parseUser(row), place: order.placeOf(Items[index] ?? row) }],
    ),
    after: LastEvaluatedKey === undefined ? null : order.placeOf(LastEvaluatedKey),
  };
};
