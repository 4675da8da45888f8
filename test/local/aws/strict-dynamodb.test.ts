import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { clientOf, temporaryFolder } from '../../support/local-aws.ts';

// Where the database itself is kinder than DynamoDB.
const TableName = 'rows';
const IndexName = 'byOwner';
const Key = { part: { S: 'p' }, place: { S: 'row' } };

let client: DynamoDBClient;
let close: () => Promise<void>;
beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  const part = await startDynamoDb({ port: 0, folder });
  client = new DynamoDBClient(clientOf(part.url));
  close = async () => {
    await part.close();
    await remove();
  };
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['part', 'place', 'owner', 'since'].map(text),
      KeySchema: keys('part', 'place'),
      GlobalSecondaryIndexes: [
        { IndexName, KeySchema: keys('owner', 'since'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  );
});
afterAll(() => close());

const put = (Item: Record<string, { S: string }>) => new PutItemCommand({ TableName, Item: { ...Key, ...Item } });
const update = (input: Partial<UpdateItemCommandInput>) => new UpdateItemCommand({ TableName, Key, ...input });
const query = async (input: Partial<QueryCommandInput>) => {
  const { Items = [] } = await client.send(new QueryCommand({ TableName, ...input }));
  return Items.map(({ place }) => place?.S);
};

describe('begins_with in a key condition', () => {
  beforeAll(async () => {
    for (const place of ['User#a', 'user#a', 'USER#b', 'user#%x', 'user_é', 'user#']) {
      await client.send(put({ part: { S: 'prefixes' }, place: { S: place } }));
    }
  });

  test.each([
    ['user#', ['user#', 'user#%x', 'user#a']],
    ['user_', ['user_é']],
    ['user#%', ['user#%x']],
    ['US', ['USER#b']],
    ['nobody', []],
  ])('of %s compares with case, and takes no character for a wildcard', async (prefix, expected) => {
    const found = await query({
      KeyConditionExpression: '#part = :part AND begins_with ( #place , :prefix )',
      ExpressionAttributeNames: { '#part': 'part', '#place': 'place' },
      ExpressionAttributeValues: { ':part': { S: 'prefixes' }, ':prefix': { S: prefix } },
    });
    expect(found).toEqual(expected);
  });
});

describe('a key of an index', () => {
  const tooLong = { owner: { S: 'x'.repeat(2049) }, since: { S: '1' } };
  const tooLongSort = { owner: { S: 'x' }, since: { S: 'é'.repeat(513) } };
  const fits = { owner: { S: 'x'.repeat(2048) }, since: { S: 'é'.repeat(512) } };
  const Put = (item: Record<string, { S: string }>) => ({ TableName, Item: { ...Key, ...item } });
  const set = (value: string) =>
    update({
      UpdateExpression: 'SET kept = :one, #owner = :owner REMOVE gone',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':one': { N: '1' }, ':owner': { S: value } },
    });

  test.each([
    ['PutItem', put(tooLong)],
    ['PutItem, sort key', put(tooLongSort)],
    ['UpdateItem', set('x'.repeat(2049))],
    ['BatchWriteItem', new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: Put(tooLong) }] } })],
    ['TransactWriteItems', new TransactWriteItemsCommand({ TransactItems: [{ Put: Put(tooLongSort) }] })],
  ])('above its limit is refused: %s', async (_name, command) => {
    const refused = client.send(command as PutItemCommand);
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching('exceeded the size limit'),
    });
  });

  test('of exactly its limit is stored', async () => {
    await client.send(put(fits));
    await client.send(set('x'.repeat(2048)));
  });

  test('has no limit where a member of another attribute has its name', async () => {
    await client.send(put({}));
    await client.send(update({ UpdateExpression: 'SET box = :m', ExpressionAttributeValues: { ':m': { M: {} } } }));
    const long = { S: 'x'.repeat(2049) };
    const changed = await client.send(
      update({
        UpdateExpression: 'SET box.#owner = :long',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':long': long },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(changed.Attributes).toEqual({ box: { M: { owner: long } } });
  });
});

describe('a cursor', () => {
  const mine = {
    KeyConditionExpression: 'part = :part AND begins_with(place, :prefix)',
    ExpressionAttributeValues: { ':part': { S: 'p' }, ':prefix': { S: 'user#' } },
  };

  test.each([
    ['of another partition', { ...mine, ExclusiveStartKey: { part: { S: 'other' }, place: { S: 'user#a' } } }],
    ['outside the range', { ...mine, ExclusiveStartKey: { part: { S: 'p' }, place: { S: 'zzz' } } }],
    [
      'of another partition of an index',
      {
        IndexName,
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: 'mine' } },
        ExclusiveStartKey: { ...Key, owner: { S: 'theirs' }, since: { S: '1' } },
      },
    ],
  ])('%s is refused', async (_name, input) => {
    await expect(query(input)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching('starting key'),
    });
  });

  test('of its own query continues it', async () => {
    for (const place of ['user#1', 'user#2', 'user#3']) await client.send(put({ place: { S: place } }));
    expect(await query({ ...mine, ExclusiveStartKey: { part: { S: 'p' }, place: { S: 'user#1' } } })).toEqual([
      'user#2',
      'user#3',
    ]);
  });
});

describe('REMOVE below a member', () => {
  test('that the condition does not require is refused, since the item may lack it', async () => {
    const refused = client.send(update({ UpdateExpression: 'REMOVE gone, member.part' }));
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching('document path'),
    });
  });

  test('that the condition requires is done', async () => {
    await client.send(update({ UpdateExpression: 'SET #m = :m', ...withMember }));
    const removed = await client.send(
      update({
        UpdateExpression: 'REMOVE #m.part',
        ConditionExpression: 'attribute_exists(#m)',
        ExpressionAttributeNames: withMember.ExpressionAttributeNames,
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(removed.Attributes?.['member']).toEqual({ M: {} });
  });

  test('that the condition requires by its other spelling is done', async () => {
    await client.send(update({ UpdateExpression: 'SET box = :m', ...box }));
    const removed = await client.send(
      update({
        UpdateExpression: 'REMOVE #b.lid',
        ConditionExpression: 'attribute_exists(box)',
        ExpressionAttributeNames: { '#b': 'box' },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(removed.Attributes?.['box']).toEqual({ M: {} });
  });

  test('is not read into names that look like keywords', async () => {
    await client.send(update({ UpdateExpression: 'SET box = :m', ...box }));
    const changed = await client.send(
      update({
        UpdateExpression: 'SET #remove = :v, box.lid = :w',
        ExpressionAttributeNames: { '#remove': 'gone' },
        ExpressionAttributeValues: { ':v': { S: 'a' }, ':w': { S: 'b' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(changed.Attributes).toMatchObject({ gone: { S: 'a' }, box: { M: { lid: { S: 'b' } } } });
  });
  const box = { ExpressionAttributeValues: { ':m': { M: { lid: { S: 'x' } } } } };
  const withMember = {
    ExpressionAttributeNames: { '#m': 'member' },
    ExpressionAttributeValues: { ':m': { M: { part: { S: 'x' } } } },
  };
});
