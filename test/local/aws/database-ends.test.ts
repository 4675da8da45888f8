import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EndedAtStart, RestartBudget } from '../../../local/aws-wire/restart-budget.ts';
import { keepRunning } from '../../../local/dynamodb/keep-running.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { freePortsFrom } from '../../support/free-ports.ts';
import { clientOf, temporaryFolder } from '../../support/local-aws.ts';
import { findProcesses, untilFound } from '../../support/processes.ts';

let folder: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

const databases = async () => (await findProcesses(folder)).filter(({ command }) => command[0]?.endsWith('dynoxide'));
const supervisors = async () =>
  (await findProcesses(folder)).filter(({ command }) => command.some((part) => part.endsWith('supervisor.mjs')));

const start = async () => {
  const [trouble, broken]: [string[], string[]] = [[], []];
  const part = await startDynamoDb({
    port: 0,
    folder,
    onTrouble: (line) => void trouble.push(line),
    onBroken: (sentence) => void broken.push(sentence),
  });
  const client = new DynamoDBClient({ ...clientOf(part.url), maxAttempts: 1 });
  const Item = { id: { S: 'kept' } };
  await client.send(
    new CreateTableCommand({
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await client.send(new PutItemCommand({ TableName: 'rows', Item }));
  const read = async () => (await client.send(new GetItemCommand({ TableName: 'rows', Key: Item }))).Item;
  /** Waits for a new process that answers with what was written before. */
  const untilBack = () => untilFound(() => read().catch(() => null));
  return { part, trouble, broken, untilBack, Item };
};

/** Kills one process and waits for the database that replaces it. */
const killAndAwaitNext = async (pid: number): Promise<void> => {
  const before = (await databases()).map((one) => one.pid);
  process.kill(pid, 'SIGKILL');
  await untilFound(async () => (await databases()).find((one) => !before.includes(one.pid)));
};

test.each([
  ['the database', databases],
  ['its supervisor', supervisors],
])('when %s is killed, a line says so, and the same address answers with what was written', async (_name, find) => {
  const { part, trouble, broken, untilBack, Item } = await start();
  const [victim] = await find();
  await killAndAwaitNext(victim?.pid ?? 0);
  expect(await untilBack()).toEqual(Item);
  expect(trouble).toEqual([
    'The local database ended (signal SIGKILL) and is started again; what was written is kept.',
  ]);
  expect(broken).toEqual([]);
  expect(await databases()).toHaveLength(1);
  await part.close();
  expect(await findProcesses(folder)).toEqual([]);
});

test('a database that keeps ending is abandoned with one sentence, and closing still works', async () => {
  const { part, trouble, broken, untilBack } = await start();
  for (let kill = 0; kill < 3; kill += 1) {
    const [victim] = await databases();
    await killAndAwaitNext(victim?.pid ?? 0);
    await untilBack();
  }
  const [victim] = await databases();
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  await untilFound(async () => broken.length > 0);
  expect(broken).toEqual(['The local database ends again and again (signal SIGKILL): nothing works without it.']);
  expect(trouble).toHaveLength(3);
  await part.close();
  expect(await findProcesses(folder)).toEqual([]);
});

test('one that ends during its restart is reported in the same sentences', async () => {
  const [trouble, broken]: [string[], string[]] = [[], []];
  let endFirst: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    endFirst = resolve;
  });
  let starts = 0;
  const start = async () => {
    starts += 1;
    if (starts > 1) throw new EndedAtStart('The local database did not start: signal SIGKILL', 'signal SIGKILL');
    return { ended, stop: async () => {} };
  };
  const database = await keepRunning(
    start,
    { onTrouble: (line) => void trouble.push(line), onBroken: (sentence) => void broken.push(sentence) },
    new RestartBudget(2, 60_000),
  );
  endFirst('exit code 1');
  await untilFound(async () => broken.length > 0);
  expect(trouble).toEqual([
    'The local database ended (exit code 1) and is started again; what was written is kept.',
    'The local database ended (signal SIGKILL) and is started again; what was written is kept.',
  ]);
  expect(broken).toEqual(['The local database ends again and again (signal SIGKILL): nothing works without it.']);
  await database.close();
});

test('if another process takes the free port before it starts, it starts at another one', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port: taken } = holder.address() as AddressInfo;
  const other = await freePortsFrom(1);
  const ports = [taken, other];
  const part = await startDynamoDb({ port: 0, folder, freePort: async () => ports.shift() ?? 0 });
  expect((await databases()).flatMap(({ command }) => command)).toContain(String(other));
  await part.close();
  holder.close();
});

test('closed during a restart, it leaves nothing running', async () => {
  const { part } = await start();
  const [victim] = await databases();
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  await untilFound(async () => (await databases()).every(({ pid }) => pid !== victim?.pid));
  await part.close();
  expect(await findProcesses(folder)).toEqual([]);
});

test('restarts are counted within a time window, not forever', () => {
  let nowMs = 0;
  const budget = new RestartBudget(2, 1000, () => nowMs);
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
  nowMs = 999;
  expect(budget.take()).toBe(false);
  nowMs = 1000;
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
});
