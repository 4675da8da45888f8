import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['action/installer', 'action/src', 'action/tools', 'bin', 'contract', 'lambdas', 'lib', 'local', 'web'];

const MAX_FILE_LINES = 200;
/** A test file covers one subject and contains what its cases share. */
const MAX_TEST_FILE_LINES = 300;
/** Own lines: a nested function counts separately. */
const MAX_FUNCTION_LINES = 40;

interface Sized {
  readonly key: string;
  readonly path: string;
  readonly lines: number;
}

const files = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|cjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

const nameOf = (node: ts.SignatureDeclaration): string => {
  const named = [node, node.parent, node.parent.parent].find((each) => 'name' in each && each.name !== undefined) as
    | ts.NamedDeclaration
    | undefined;
  return named?.name?.getText() ?? 'unnamed';
};

/** Every function of a file with its own lines. */
const functionsOf = (path: string, text: string): readonly Sized[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const found: Sized[] = [];
  /** Lines of the functions below a node. */
  const visit = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return inner;
    const lines = lineAt(node.end) - lineAt(node.getStart()) + 1;
    found.push({ key: `${basename(path)} ${nameOf(node)}`, path, lines: lines - inner });
    return lines;
  };
  visit(source);
  return found;
};

let product: readonly { readonly path: string; readonly text: string }[];
let tests: readonly { readonly path: string; readonly text: string }[];
beforeAll(async () => {
  const read = async (folders: readonly string[]) => {
    const paths = (await Promise.all(folders.map(files))).flat();
    return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
  };
  [product, tests] = await Promise.all([read(FOLDERS), read(['test'])]);
  expect(product.length).toBeGreaterThan(400);
  expect(tests.length).toBeGreaterThan(200);
});

/** Long files and functions by file name, so that files may move, with their lines rounded up to tens. */
const listed = (tooLong: readonly Sized[]): Readonly<Record<string, number>> => {
  const sizes = new Map<string, number>();
  for (const { key, lines } of tooLong) sizes.set(key, Math.max(Math.ceil(lines / 10) * 10, sizes.get(key) ?? 0));
  return Object.fromEntries([...sizes].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const longFiles = (of: typeof product, limit: number): readonly Sized[] =>
  of
    .map(({ path, text }) => ({ key: basename(path), path, lines: linesOf(text) }))
    .filter(({ lines }) => lines > limit);

/**
 * The list contains what was too long when this became a rule. It must match exactly: nothing new, nothing that grew into the next ten,
 * and no entry above today's size. If something became shorter or was renamed, `--update` writes the list; if something
 * became longer, the code has to change.
 */
test('files of up to 200 lines, 300 for tests, and functions of up to 40 of their own, except those in sizes.json', async () => {
  const functions = product.flatMap(({ path, text }) => functionsOf(path, text));
  expect(functions.length).toBeGreaterThan(2000);
  const sizes = {
    files: listed(longFiles(product, MAX_FILE_LINES)),
    testFiles: listed(longFiles(tests, MAX_TEST_FILE_LINES)),
    functions: listed(functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES)),
  };
  await expect(`${JSON.stringify(sizes, null, 2)}\n`).toMatchFileSnapshot('sizes.json');
});

test('lines of a nested function do not count for the outer one', () => {
  const body = 'f();\n'.repeat(45);
  const found = functionsOf(
    'planted.ts',
    `const outer = () => {\n${body}};\nconst around = () => {\n  const inner = () => {\n${body}  };\n};\n`,
  );
  expect(found.map(({ key, lines }) => [key, lines])).toEqual([
    ['planted.ts outer', 47],
    ['planted.ts inner', 47],
    ['planted.ts around', 2],
  ]);
});
