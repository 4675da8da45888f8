import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

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

const OPTIONS: ts.CompilerOptions = {
  ...ts.convertCompilerOptionsFromJson(JSON.parse(read('tsconfig.json')).compilerOptions, ROOT).options,
  // The stored rows use none of Vite's types.
  types: ['node'],
};
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Compiler errors in `files` after the edits, by file: the message and its code. */
const compile = (files: readonly string[], edits: readonly Edit[]) => {
  const edited = new Map<string, string>();
  for (const { file, find, add } of edits) {
    const text = edited.get(file) ?? read(file);
    const after = text.replace(find, (found) => `${found} ${add}`);
    if (after === text) throw new Error(`nothing to edit in ${file}: ${find}`);
    edited.set(file, after);
  }
  const host = ts.createCompilerHost(OPTIONS);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target) => {
    const text = edited.get(path.replace(ROOT, ''));
    if (text !== undefined) return ts.createSourceFile(path, text, target);
    if (!parsed.has(path)) parsed.set(path, parse(path, target));
    return parsed.get(path);
  };
  const program = ts.createProgram(
    files.map((file) => join(ROOT, file)),
    OPTIONS,
    host,
  );
  return new Map(
    files.map((file) => {
      const source = program.getSourceFile(join(ROOT, file));
      const refusals = program.getSemanticDiagnostics(source).map(({ messageText, start = 0 }) => ({
        text: ts.flattenDiagnosticMessageText(messageText, '\n'),
        code: source?.text.slice(start, start + 40) ?? '',
      }));
      return [file, refusals] as const;
    }),
  );
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
  let more: Readonly<Record<'core' | 'contract' | 'schema', ReturnType<typeof compile>>>;
  beforeAll(() => {
    more = {
      core: compile(
        files,
        OF_CORE.map(({ core: file, type }) => ({
          file,
          find: interfaceOf(type),
          add: `readonly addedTo${type}: string;`,
        })),
      ),
      contract: compile(files, [
        ...OF_CONTRACT.map(([file, name]) => ({
          file: `contract/api/portal/${file}`,
          find: new RegExp(`export const ${name} = z.strictObject\\(\\{`),
          add: 'addedMember: z.boolean().default(true),',
        })),
        // In the same run: another value of an existing member.
        { file: 'lambdas/core/model/session.ts', find: /readonly status: 'reserved'/, add: "| 'added value'" },
      ]),
      schema: compile(
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
