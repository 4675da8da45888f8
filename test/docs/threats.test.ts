import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENT = 'docs/threats.md';
const FOLDERS = ['action', 'bin', 'contract', 'docs', 'lambdas', 'lib', 'local', 'test', 'web'];
const PAGES = ['SECURITY.md', 'CONTRIBUTING.md', 'README.md'];
/** Generated files, without texts of the project. */
const MADE = /^(docs\/openapi\.json|test\/cdk\/snapshots\/)/;
const NO_TEST = '**No test**: ';

const filesOf = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|cjs|css|html|md)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !MADE.test(path));
};
const paths = [...PAGES, ...(await Promise.all(FOLDERS.map(filesOf))).flat()];
const texts = new Map(
  await Promise.all(paths.map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')] as const)),
);

/** Ids in the text, but not the hours of a time such as `T00:00`. */
const idsIn = (text: string): readonly string[] => text.match(/\bT[1-9]\d{0,2}\b(?!:)/g) ?? [];
/** Ids at the start of a test title: after an opening quote. */
const leadingIds = (text: string): readonly string[] =>
  [...text.matchAll(/['"`]((?:T[1-9]\d{0,2} )+)/g)].flatMap(([, ids = '']) => idsIn(ids));

const rows = (texts.get(DOCUMENT) ?? '')
  .split('\n')
  .filter((line) => /^\| T\d/.test(line))
  .map((line) => {
    const [id = '', attack = '', property = '', held = '', ...more] = line.slice(1, -1).split(/(?<!\\)\|/);
    return {
      id: id.trim(),
      cells: [attack, property, held].map((cell) => cell.trim()),
      held: held.trim(),
      isWhole: more.length === 0,
    };
  });
const tested = new Set([...texts].filter(([path]) => path.startsWith('test/')).flatMap(([, text]) => leadingIds(text)));

test('docs/threats.md has one row for each id, counted from the first without a gap, and no empty cell', () => {
  expect(rows.length).toBeGreaterThanOrEqual(80);
  expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => `T${index + 1}`));
  expect(rows.filter(({ cells, isWhole }) => !isWhole || cells.includes('')).map(({ id }) => id)).toEqual([]);
});

test('every id of a threat that is used anywhere is explained in docs/threats.md', () => {
  const known = new Set(rows.map(({ id }) => id));
  const unknown = [...texts].flatMap(([path, text]) =>
    idsIn(text)
      .filter((id) => !known.has(id))
      .map((id) => `${id} in ${path}`),
  );
  expect(unknown).toEqual([]);
});

test('every threat has a test that begins with its id, or docs/threats.md says why there is none', () => {
  const excused = rows.filter(({ held }) => held.startsWith(NO_TEST));
  expect(excused.filter(({ held }) => held.length < NO_TEST.length + 20).map(({ id }) => id)).toEqual([]);
  const untested = rows.map(({ id }) => id).filter((id) => !tested.has(id));
  expect(untested).toEqual(excused.map(({ id }) => id));
});

test('every threat names where it is mitigated, by links to existing files', () => {
  for (const { id, held } of rows) {
    const links = [...held.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)];
    expect(links, id).not.toEqual([]);
    for (const [, name = '', target = ''] of links) {
      expect(existsSync(join(ROOT, dirname(DOCUMENT), target)), `${id} ${target}`).toBe(true);
      expect(target.split('/').at(-1), id).toBe(name);
    }
  }
});

test('the pages on security, contributing and the architecture link to docs/threats.md', () => {
  for (const path of PAGES) expect(texts.get(path), path).toContain('](docs/threats.md)');
  expect(texts.get('docs/architecture.md')).toContain('](threats.md)');
});
