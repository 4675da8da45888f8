import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { costTable, type LoginUsage } from '../../docs/tools/cost-per-login.ts';
import { TABLES, type TableDefinition } from '../../lambdas/tables.ts';
import { rowsOf } from '../support/inspect.ts';
import { enroll, openLogin, readReturnPage } from '../support/login.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const unitsOf = (bytes: number, each: number): number => Math.max(1, Math.ceil(bytes / each));
const sizeOf = (item: unknown): number => JSON.stringify(item ?? {}).length;

interface Counted {
  writes: number;
  indexWrites: number;
  reads: number;
  kms: number;
  gets: number;
}

/** An update is billed by the whole row; the longest row that a login updates is its session's, below 2 kB. */
const UPDATED_ROW_BYTES = 2000;

type TableVariable = keyof typeof TABLES;
const definitionOf = (table: TableVariable): TableDefinition => TABLES[table];
/** Tables that have indexes. */
const INDEXED = (Object.keys(TABLES) as TableVariable[]).filter((table) => definitionOf(table).indexes !== undefined);

/** The entry of each index for each row: an index has one where the row has both of its keys. */
const indexEntries = async (): Promise<ReadonlyMap<string, string>> => {
  const entries = new Map<string, string>();
  for (const table of INDEXED) {
    const { partitionKey, sortKey = '', indexes = {} } = definitionOf(table);
    for (const row of await rowsOf(world, table)) {
      for (const [name, index] of Object.entries(indexes)) {
        const keys = [row[index.partitionKey], row[index.sortKey ?? '']];
        if (keys.includes(undefined)) continue;
        entries.set(`${name} ${row[partitionKey]} ${row[sortKey]}`, JSON.stringify(keys));
      }
    }
  }
  return entries;
};

/** A new entry and a removed one are a write each, a moved one is both (DynamoDB developer guide, "Using global secondary indexes"). */
const indexUnits = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number => {
  const gained = [...after].filter(([name, keys]) => before.get(name) !== keys);
  const lost = [...before].filter(([name, keys]) => after.get(name) !== keys);
  return gained.length + lost.length;
};

/** What tables and indexes hold, in bytes. Sessions and jobs end within the hour and are left out. */
const storedBytes = async (): Promise<number> => {
  const tables = (Object.keys(TABLES) as TableVariable[]).filter((name) => !/SESSION|DUE_WORK/.test(name));
  const rows = await Promise.all(tables.map((table) => rowsOf(world, table)));
  const entries = await indexEntries();
  return sizeOf(rows.flat()) + [...entries].reduce((sum, [name, keys]) => sum + name.length + keys.length, 0);
};

/** Units as DynamoDB bills them: a consistent read by 4 kB, a write by 1 kB, twice that inside a transaction. */
const countCalls = (): Counted => {
  const counted = { writes: 0, indexWrites: 0, reads: 0, kms: 0, gets: 0 };
  const write = (item: { Put?: { Item?: unknown }; Update?: object; Item?: unknown }): number =>
    unitsOf(
      'Update' in item || !('Put' in item || 'Item' in item) ? UPDATED_ROW_BYTES : sizeOf(item.Put?.Item ?? item.Item),
      1024,
    );
  world.documents.middlewareStack.add(
    (next, context) => async (args) => {
      const input = args.input as { TransactItems?: object[]; Item?: unknown };
      const command = String((context as { commandName?: string }).commandName);
      if (command.startsWith('Get')) counted.reads += 1;
      if (command.startsWith('Put') || command.startsWith('Update')) counted.writes += write(input);
      if (command.startsWith('TransactWrite')) {
        for (const item of input.TransactItems ?? []) counted.writes += 2 * write(item);
      }
      if (!/^(Put|Update|Delete|TransactWrite)/.test(command)) return next(args);
      const before = await indexEntries();
      const result = await next(args);
      counted.indexWrites += indexUnits(before, await indexEntries());
      return result;
    },
    { step: 'initialize', name: 'countDynamoDb' },
  );
  const count = (key: 'kms' | 'gets', pattern: RegExp) => (next: never, context: object) => async (args: never) => {
    if (pattern.test(String((context as { commandName?: string }).commandName))) counted[key] += 1;
    return (next as (args: never) => unknown)(args);
  };
  world.kmsClient.middlewareStack.add(count('kms', /./) as never, { step: 'initialize', name: 'countKms' });
  world.s3Client.middlewareStack.add(count('gets', /^GetObject/) as never, { step: 'initialize', name: 'countS3' });
  return counted;
};

const measure = async (): Promise<LoginUsage> => {
  const integration = await world.newIntegration();
  const sub = world.newExternalId();
  await enroll(world, integration, sub);
  const counted = countCalls();
  let [livenessChecks, comparisons] = [0, 0];
  const faces = new Proxy(world.ports.faces, {
    get: (target, member) => {
      if (member === 'createLiveness') livenessChecks += 1;
      if (member === 'compare') comparisons += 1;
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  let apiRequests = 0;
  const inside = world.handlersWith({ faces });
  const handlers = Object.fromEntries(
    Object.entries(inside).map(([name, handler]) => [
      name,
      (...event: Parameters<typeof handler>) => {
        apiRequests += 1;
        return handler(...event);
      },
    ]),
  ) as unknown as typeof inside;
  world.log.length = 0;
  const storedBefore = await storedBytes();
  const browser = await openLogin(world, integration, sub, { handlers });
  expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  await readReturnPage(world, integration, await browser.giveBack());
  return {
    livenessChecks,
    comparisons,
    apiRequests,
    dynamoWriteUnits: counted.writes,
    dynamoIndexUnits: counted.indexWrites,
    dynamoStoredBytes: (await storedBytes()) - storedBefore,
    dynamoReadUnits: counted.reads,
    kmsRequests: counted.kms,
    s3Gets: counted.gets,
    // Powertools adds about 300 bytes a line, the metrics as much again; each request has its own line.
    logBytes: (world.log.length + apiRequests) * 700,
  };
};

// Changed on purpose? `npm run snapshots` rewrites the table.
test('docs/cost.md says what a login costs, from its calls to AWS', async () => {
  const file = new URL('../../docs/cost.md', import.meta.url);
  const text = await readFile(file, 'utf8');
  const [before, rest] = text.split('<!-- cost of a login: written by test/lib/cost.test.ts -->\n');
  const after = rest?.slice(rest.indexOf('<!-- end -->'));
  const table = costTable(await measure());
  await expect(
    `${before}<!-- cost of a login: written by test/lib/cost.test.ts -->\n${table}\n${after}`,
  ).toMatchFileSnapshot('../../docs/cost.md');
});
