import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/local-aws.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).replaceAll('\\', '/'));

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Edit {
  readonly file: string;
  readonly find: RegExp;
  /** Inserted after the match. */
  readonly add: string;
}

/** What the stored rows are made of. */
const FOLDERS = ['contract', 'lambdas'];
const TSC = join(ROOT, 'node_modules/typescript-7/bin/tsc');

/** Compiler errors in `files` of an edited copy, by file: the message and its code. */
const compile = async (files: readonly string[], edits: readonly Edit[]) => {
  const { folder, remove } = await temporaryFolder();
  await Promise.all(FOLDERS.map((name) => cp(join(ROOT, name), join(folder, name), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const { file, find, add } of edits) {
    const text = readFileSync(join(folder, file), 'utf8');
    const after = text.replace(find, (found) => `${found} ${add}`);
    if (after === text) throw new Error(`nothing to edit in ${file}: ${find}`);
    writeFileSync(join(folder, file), after);
  }
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    // The stored rows use none of Vite's types.
    compilerOptions: { incremental: false, tsBuildInfoFile: null, types: ['node'] },
    include: [],
    files,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, '--pretty', 'false'], { cwd: folder }).catch(
    (refused: { stdout: string }) => refused,
  );
  // A message of several lines is indented from its second.
  const found = [...stdout.matchAll(/^(\S+?)\((\d+),(\d+)\): error TS\d+: (.*(?:\n[ ].*)*)/gm)].map(
    ([, file = '', line, column, text = '']) => {
      const lineText = readFileSync(join(folder, file), 'utf8').split('\n')[Number(line) - 1] ?? '';
      return { file, text, code: lineText.slice(Number(column) - 1) };
    },
  );
  await remove();
  return new Map(files.map((file) => [file, found.filter((refusal) => refusal.file === file)] as const));
};

/** Every stored object, with the file of its schema. */
const STORED = filesBelow('lambdas/adapters/dynamodb').flatMap((file) =>
  [...read(file).matchAll(/objectOf<(\w+)>\(\)\(\{/g)].map(([, type = '']) => ({ type, file })),
);
const ITEM_FILES = [...new Set(STORED.map(({ file }) => file))];

const CORE = filesBelow('lambdas/core');
const interfaceOf = (type: string): RegExp => new RegExp(`export interface ${type}\\b[^{]*\\{`);
/** The core's own types; those of the contract are below. */
const OF_CORE = STORED.flatMap(({ type, file }) => {
  const name = type === 'StoredRecord' ? 'LoginRecord' : type;
  const core = CORE.find((each) => interfaceOf(name).test(read(each)));
  return core === undefined ? [] : [{ type: name, file, core }];
});

const RECORD = 'lambdas/core/model/login-record.ts';
const AUDIT = 'lambdas/core/accounts/audit.ts';
const CONTACTS = 'lambdas/adapters/dynamodb/integrations/tenant-contact-store.ts';
const INTEGRATION = 'lambdas/adapters/dynamodb/integrations/integration-item.ts';
/** Declared in the contract, and the file that refuses a member that only the contract has. */
const OF_CONTRACT = [
  ['integration-options.ts', 'IntegrationOptionsSchema', INTEGRATION],
  ['transactions.ts', 'TransactionView', RECORD],
  ['operator.ts', 'AuditEntry', AUDIT],
  ['connection.ts', 'ConnectionView', CONTACTS],
] as const;

test('every kind of row is covered', () => {
  const types = STORED.map(({ type }) => type);
  const rows =
    'StoredRecord Session User Integration Webhook ApiKey AuditEntry QueuedJob Account Operator ConsentVersion';
  expect(types).toEqual(expect.arrayContaining(rows.split(' ')));
  expect(types.filter((type) => !OF_CORE.some((each) => each.type === type))).toEqual(
    expect.arrayContaining(['AuditEntry', 'ConnectionView', 'StoredRecord']),
  );
});

describe('does not compile:', () => {
  const files = [...ITEM_FILES, RECORD, AUDIT];
  let more: Readonly<Record<'core' | 'contract' | 'schema', Awaited<ReturnType<typeof compile>>>>;
  beforeAll(async () => {
    more = {
      core: await compile(
        files,
        OF_CORE.map(({ core: file, type }) => ({
          file,
          find: interfaceOf(type),
          add: `readonly addedTo${type}: string;`,
        })),
      ),
      contract: await compile(files, [
        ...OF_CONTRACT.map(([file, name]) => ({
          file: `contract/api/portal/${file}`,
          find: new RegExp(`export const ${name} = z.strictObject\\(\\{`),
          add: 'addedMember: z.boolean().default(true),',
        })),
        // In the same run: another value of an existing member.
        { file: 'lambdas/core/model/session.ts', find: /readonly status: 'reserved'/, add: "| 'added value'" },
      ]),
      schema: await compile(
        files,
        STORED.map(({ file, type }) => ({
          file,
          find: new RegExp(`objectOf<${type}>\\(\\)\\(\\{`),
          add: `addedTo${type}: z.string(),`,
        })),
      ),
    };
  });

  test.each(OF_CORE)('a member of $type that its row lacks', ({ type, file }) => {
    const refusals = more.core.get(file)?.filter(({ text }) => text.includes(`addedTo${type}`)) ?? [];
    expect(refusals.length).toBeGreaterThan(0);
  });

  test.each(OF_CONTRACT)('a member of %s, %s, that is not stored', (_file, _name, refusing) => {
    const refusals = more.contract.get(refusing)?.filter(({ text }) => text.includes('addedMember')) ?? [];
    expect(refusals.length).toBeGreaterThan(0);
  });

  test('a value that the core can write and the row refuses', () => {
    const refusals = more.contract.get('lambdas/adapters/dynamodb/sessions/session-item.ts') ?? [];
    expect(refusals.map(({ text }) => text).join()).toContain('this schema refuses what the core may write');
  });

  test.each(STORED)('a member of the row of $type that $type lacks', ({ type, file }) => {
    const refusals = more.schema.get(file)?.filter(({ code }) => code.startsWith(`addedTo${type}:`)) ?? [];
    expect(refusals.length).toBeGreaterThan(0);
  });
});
