import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { startStrictFront } from '../../../local/dynamodb/strict-front.ts';

let database: Server;
let front: RunningPart;
/** A database that answers in ways in which a sound one does not. */
const startBehind = async (answer: RequestListener): Promise<void> => {
  database = createServer(answer).listen(0, '127.0.0.1');
  await once(database, 'listening');
  front = await startStrictFront(`http://127.0.0.1:${(database.address() as AddressInfo).port}`, 0);
};
afterEach(async () => {
  await front.close();
  database.closeAllConnections();
  database.close();
});

const call = (operation: string, body: object) => ({
  method: 'POST',
  headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
  body: JSON.stringify(body),
});

test('a client that leaves amid an answer leaves no connection to the database behind', async () => {
  let isLeft: Promise<unknown> = Promise.resolve();
  await startBehind((_request, response) => {
    isLeft = once(response, 'close');
    response.writeHead(200).write('{"Items":[');
  });
  const { body: _, ...options } = call('Scan', {});
  const asked = request(front.url, options).end('{}');
  const [answer] = await once(asked, 'response');
  await once(answer, 'data');
  answer.destroy();
  await isLeft;
});

test('an answer that breaks off is broken off for the client, and the next call is answered', async () => {
  let calls = 0;
  await startBehind((_request, response) => {
    calls += 1;
    if (calls > 1) response.end('{}');
    else response.writeHead(200).write('{"Items":[', () => response.destroy());
  });
  const broken = await fetch(front.url, call('Scan', {}));
  await expect(broken.text()).rejects.toThrow();
  expect(await (await fetch(front.url, call('Scan', {}))).text()).toBe('{}');
});

test('the keys of a table that appears later are learned', async () => {
  let isThere = false;
  await startBehind((incoming, response) => {
    const describes = incoming.headers['x-amz-target'] === 'DynamoDB_20120810.DescribeTable';
    const KeySchema = [{ AttributeName: 'owner', KeyType: 'HASH' }];
    const Table = { KeySchema, GlobalSecondaryIndexes: [{ IndexName: 'byOwner', KeySchema }] };
    response.end(describes && isThere ? JSON.stringify({ Table }) : '{}');
  });
  const put = () => fetch(front.url, call('PutItem', { TableName: 'rows', Item: { owner: { S: 'x'.repeat(2049) } } }));
  expect((await put()).status).toBe(200);
  isThere = true;
  expect((await put()).status).toBe(400);
});

test('what is malformed is left to the database', async () => {
  await startBehind((_request, response) => {
    response.writeHead(400).end('its own words');
  });
  for (const TransactItems of [[{ Put: null }], [null], [{ Update: 'x' }], null]) {
    const answer = await fetch(front.url, call('TransactWriteItems', { TransactItems }));
    expect([answer.status, await answer.text()]).toEqual([400, 'its own words']);
  }
});
