import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { unavailable } from '../../../core/model/problem.ts';

export interface AccountItemKey {
  readonly accountId: string;
  readonly itemKey: string;
}

type Row = Record<string, unknown>;

/** All items of one kind of an account, read consistently. @throws Problem `unavailable` */
export const listAccountItems = async (
  client: DynamoDBDocumentClient,
  table: string,
  accountId: string,
  prefix: string,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'accountId = :account AND begins_with(itemKey, :prefix)',
      ExpressionAttributeValues: { ':account': accountId, ':prefix': prefix },
      ConsistentRead: true,
    },
  );
  try {
    for await (const { Items = [] } of pages) rows.push(...Items);
  } catch (error) {
    return unavailable('DynamoDB Query')(error);
  }
  return rows;
};

/** One item, read consistently. @throws Problem `unavailable` */
export const readAccountItem = async (
  client: DynamoDBDocumentClient,
  table: string,
  { accountId, itemKey }: AccountItemKey,
): Promise<Row | undefined> => {
  const { Item } = await client
    .send(new GetCommand({ TableName: table, Key: { accountId, itemKey }, ConsistentRead: true }))
    .catch(unavailable('DynamoDB GetItem'));
  return Item;
};
