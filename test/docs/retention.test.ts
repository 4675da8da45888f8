import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RECORD_RETENTION } from '../../contract/api/portal/record-retention.ts';
import { TABLES, type TableDefinition } from '../../lambdas/tables.ts';

const text = await readFile(join(fileURLToPath(new URL('../../', import.meta.url)), 'docs/retention.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => {
    const [where = '', what = '', until = '', who = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { where, what, until, who };
  });
const ofTable = new Map(rows.map((row) => [row.where.replaceAll('`', ''), row]));
const tables: readonly (readonly [string, TableDefinition])[] = Object.entries(TABLES);

test('every table has a row that says what it holds, until when, and who deletes it', () => {
  expect(rows.filter((row) => Object.values(row).includes('')).map(({ where }) => where)).toEqual([]);
  const named = [...ofTable.keys()].filter((where) => where.endsWith('_TABLE'));
  expect(named.sort()).toEqual(tables.map(([table]) => table).sort());
});

test('DynamoDB deletes rows of exactly the tables that declare where the end of a row is', () => {
  const byDynamoDb = tables.filter(([table]) => ofTable.get(table)?.who.includes('DynamoDB')).map(([table]) => table);
  const declared = tables.filter(([, { timeToLive }]) => timeToLive !== undefined).map(([table]) => table);
  expect(byDynamoDb).toEqual(declared);
});

test('the days are those that are written with the rows', () => {
  const { recordDays, auditDays } = RECORD_RETENTION;
  expect(ofTable.get('TRANSACTION_TABLE')?.until).toMatch(new RegExp(`^${recordDays} days `));
  expect(ofTable.get('STATISTICS_TABLE')?.until).toMatch(new RegExp(`^${recordDays} days `));
  expect(ofTable.get('AUDIT_TABLE')?.until).toMatch(new RegExp(`^${auditDays} days `));
});
