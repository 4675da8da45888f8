import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['.github', '.githooks', 'action', 'bin', 'contract', 'docs', 'lambdas', 'lib', 'local', 'test', 'web'];
/** A path that starts with a folder of the repository, e.g. `lambdas/core` or docs/runbook.md. */
const NAMED = new RegExp(
  `(?<![\\w@./:{$-])(?:\\./)?((?:${FOLDERS.map((name) => name.replace('.', '\\.')).join('|')})/[\\w./@*{}<>-]*)`,
  'g',
);
/** A file in the root by name. */
const ROOT_FILE =
  /(?<![\w@./-])((?:[A-Z_]{4,}\.md|biome\.json|cdk\.json|package(?:-lock)?\.json|tsconfig\.json|vitest\.config\.ts))/g;

interface Text {
  readonly path: string;
  readonly text: string;
}

/** Comments before and after the nodes of a source file, parsed by TypeScript, so that strings with comment syntax do not count. */
const commentsOf = ({ path, text }: Text): string => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const ranges = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    const own = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
    ];
    for (const { pos, end } of own) ranges.set(pos, text.slice(pos, end));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...ranges.values()].join('\n');
};

const pathsIn = (text: string): readonly string[] => [
  ...[...text.matchAll(NAMED)].map(([, path = '']) => path.replace(/[./-]+$/, '')),
  ...[...text.matchAll(ROOT_FILE)].map(([, path = '']) => path),
];
/** Names of built files. */
const BUILT = new Set(['index.mjs']);
/** A file name without folder, e.g. `session-store.ts`. */
const BARE = /(?<![\w@/.:${}*-])([a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.(?:tsx?|mjs|cjs))\b(?![\w/])/g;
/** Patterns and placeholders do not name a file: the part before them has to be a folder. */
const solid = (path: string): string =>
  path
    .split('/')
    .slice(0, path.split('/').findIndex((part) => /[*{}<>]/.test(part)) >>> 0)
    .join('/');

let documents: readonly Text[];
let sources: readonly Text[];
let comments: readonly Text[];
beforeAll(async () => {
  const below = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
    ),
  );
  const top = (await readdir(ROOT, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  const all = [...top, ...below.flat()];
  const read = (paths: readonly string[]): Promise<readonly Text[]> =>
    Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
  documents = await read(all.filter((path) => path.endsWith('.md')));
  sources = await read(all.filter((path) => /\.(ts|tsx|mjs|cjs)$/.test(path)));
  comments = sources.map((source) => ({ path: source.path, text: commentsOf(source) }));
  expect(documents.length).toBeGreaterThan(20);
  expect(sources.length).toBeGreaterThan(700);
});

const missingIn = (texts: readonly Text[]): readonly string[] =>
  texts.flatMap(({ path, text }) =>
    pathsIn(text)
      .filter((named) => !existsSync(join(ROOT, solid(named))))
      .map((named) => `${path}: ${named}`),
  );

const namesMissingIn = (texts: readonly Text[]): readonly string[] => {
  const names = new Set(sources.map(({ path }) => basename(path)));
  return texts.flatMap(({ path, text }) =>
    [...text.matchAll(BARE)]
      .filter(([, name = '']) => !names.has(name) && !BUILT.has(name))
      .map(([, name]) => `${path}: ${name}`),
  );
};

test('a file that is named without its folder exists too', () => {
  expect(namesMissingIn([...documents, ...comments])).toEqual([]);
});

describe('a named file or folder exists', () => {
  test('in documents', () => {
    expect(documents.flatMap(({ text }) => pathsIn(text)).length).toBeGreaterThan(100);
    expect(missingIn(documents)).toEqual([]);
  });

  test('in comments', () => {
    expect(comments.flatMap(({ text }) => pathsIn(text)).length).toBeGreaterThan(30);
    expect(missingIn(comments)).toEqual([]);
  });

  test('and a missing one is found', () => {
    const text =
      'See docs/no-such.md, `lib/nowhere/x.ts`, (test/gone/), NONE.md and `web/*/gone.ts`; not https://a.example/docs/b or x/lib/y.';
    const planted = { path: 'planted.ts', text: `// ${text}\nconst path = '// docs/only-a-string.md';\n` };
    expect(missingIn([{ path: 'p', text: commentsOf(planted) }])).toEqual([
      'p: docs/no-such.md',
      'p: lib/nowhere/x.ts',
      'p: test/gone',
      'p: NONE.md',
    ]);
  });
});

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );

test('every link of a document leads to a file, and to a heading if it names one', async () => {
  const broken: string[] = [];
  let links = 0;
  for (const { path, text } of documents) {
    for (const [, link = ''] of text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?|mailto):/.test(link)) continue;
      links += 1;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) broken.push(`${path}: ${link}`);
      else if (anchor !== undefined && !anchorsOf(await readFile(join(ROOT, target), 'utf8')).includes(anchor))
        broken.push(`${path}: ${link}`);
    }
  }
  expect(links).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});
