import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unavailable } from '../../../core/model/problem.ts';

type Key = Readonly<Record<string, unknown>>;
type Row = Record<string, unknown>;

/** The most keys of one BatchGetItem (DynamoDB API reference). */
const BATCH = 100;

const getBatch = async (
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  isConsistent: boolean,
): Promise<readonly Row[]> => {
  let left: Key[] = [...keys];
  const found: Row[] = [];
  while (left.length > 0) {
    const { Responses, UnprocessedKeys } = await client
      .send(new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: isConsistent } } }))
      .catch(unavailable('DynamoDB BatchGetItem'));
    found.push(...(Responses?.[table] ?? []));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
};

/** Reads rows by their keys, in no order; keys without a row are left out. */
export const batchGet = async (
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
  isConsistent = false,
): Promise<readonly Row[]> => {
  const found: Row[] = [];
  for (let at = 0; at < keys.length; at += BATCH) {
    found.push(...(await getBatch(client, table, keys.slice(at, at + BATCH), isConsistent)));
  }
  return found;
};
