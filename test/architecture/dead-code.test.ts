import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['action', 'bin', 'contract', 'docs', 'lambdas', 'lib', 'local', 'test', 'web'];
/** Packages for other people's repositories, made by action/tools. */
const GENERATED = /^action\/packages\//;

/** What a file offers and what it takes from others. */
interface Module {
  readonly exported: readonly string[];
  /** By the file that it comes from; a star for everything. */
  readonly imported: readonly (readonly [from: string, name: string])[];
}

const EVERYTHING = '*';
const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Names that a binding gives, patterns included. */
const bindingNames = (name: ts.BindingName): readonly string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? bindingNames(element.name) : []));

/** Values that a statement exports. Types are left out: they name what exported functions take and give. */
const exportsOf = (node: ts.Statement): readonly string[] => {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return [];
  if (ts.isExportDeclaration(node) && node.exportClause !== undefined && ts.isNamedExports(node.exportClause))
    return node.exportClause.elements.map(({ name }) => name.text);
  if (!isExported(node)) return [];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
  const { name } = node as ts.Statement & { readonly name?: ts.Identifier };
  return name === undefined ? [] : [name.text];
};

/** Names that a declaration takes; nothing but the module itself: none. */
const namesTaken = (node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] => {
  const clause = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  if (clause === undefined) return ts.isExportDeclaration(node) ? [EVERYTHING] : [];
  if (!ts.isNamedImports(clause) && !ts.isNamedExports(clause)) return [EVERYTHING];
  return clause.elements.map((element) => (element.propertyName ?? element.name).text);
};

const readModule = (path: string, text: string): Module => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imported: [string, string][] = [];
  const take = (specifier: ts.Node | undefined, names: readonly string[]): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    if (!specifier.text.startsWith('.')) return;
    const from = relative(ROOT, join(ROOT, dirname(path), specifier.text.replace(/\?.*$/, '')));
    for (const name of ['', ...names]) imported.push([from, name]);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier, namesTaken(node));
    // `import('…')`, and other calls that name a module, such as `new URL('…', import.meta.url)`.
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) take(node.arguments?.[0], [EVERYTHING]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      take(node.argument.literal, [EVERYTHING]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { exported: source.statements.flatMap(exportsOf), imported };
};

/** Exports that no other file takes, as `path: name`. */
const unusedExports = (modules: ReadonlyMap<string, Module>): readonly string[] => {
  const taken = new Set([...modules.values()].flatMap(({ imported }) => imported.map((each) => each.join(': '))));
  return [...modules]
    .filter(([path]) => !taken.has(`${path}: ${EVERYTHING}`))
    .flatMap(([path, { exported }]) => exported.map((name) => `${path}: ${name}`))
    .filter((id) => !taken.has(id));
};

let modules: ReadonlyMap<string, Module>;
beforeAll(async () => {
  const paths = (
    await Promise.all(
      FOLDERS.map(async (folder) =>
        (
          await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })
        )
          .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
          .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
      ),
    )
  )
    .flat()
    .filter((path) => !GENERATED.test(path));
  modules = new Map(
    await Promise.all(
      paths.map(
        async (path): Promise<[string, Module]> => [path, readModule(path, await readFile(join(ROOT, path), 'utf8'))],
      ),
    ),
  );
  expect(modules.size).toBeGreaterThan(700);
});

/** What others than our own code take, by file and name. */
const TAKEN_FROM_OUTSIDE = [
  // Lambda, Auth0, vitest and readers of the documents.
  /^lambdas\/.*\/index\.ts: handler$/,
  /^action\/src\/post-login\.ts: on(Execute|Continue)PostLogin$/,
  /^test\/support\/unpack-chromium\.ts: setup$/,
  /^docs\/snippets\//,
  // Vite loads it again for each answer.
  /^test\/gallery\/canned-answers\.ts: cannedAnswer$/,
];

test('no value is exported that no other file imports', () => {
  const unused = unusedExports(modules).filter((id) => !TAKEN_FROM_OUTSIDE.some((pattern) => pattern.test(id)));
  expect(unused).toEqual([]);
});

/** Files that are run rather than imported: by npm, vitest, a bundler, a person or another process. */
const STARTED = [
  /\.test\.tsx?$/,
  /\/main\.tsx?$/,
  /^lambdas\/.*\/index\.ts$/,
  /^action\/src\/post-login\.ts$/,
  /^bin\/(app|describe|package)\.ts$|^bin\/verified\.mjs$/,
  /^docs\/tools\//,
  /^local\/demo-camera\/browser\.ts$/,
  /^test\/support\/unpack-chromium\.ts$/,
  /^test\/bench\/liveness-attacks\.ts$/,
  /^test\/check\.mjs$/,
  // By its two documents, and by Vite.
  /^test\/gallery\/(gallery\.ts|frame\.tsx)$/,
];

test('no file lies about that nothing imports and nobody starts', () => {
  const imported = new Set([...modules.values()].flatMap((module) => module.imported.map(([from]) => from)));
  const alone = [...modules.keys()].filter(
    (path) => !imported.has(path) && !STARTED.some((pattern) => pattern.test(path)),
  );
  expect(alone).toEqual([]);
});

test('a dead export is found, and one that is taken by name, by star, by another export or at run time is not', () => {
  const planted = {
    'lib/a.ts':
      'export const dead = 1; export const { named, other: alias } = x; export type Shape = 1; export function run() {}',
    'lib/b.ts': "import { named as own } from './a.ts'; export { run } from './a.ts'; const { dead } = own;",
    'lib/c.ts': 'export class Everything {}',
    'lib/d.ts': "import type * as c from './c.ts'; void import('./e.ts'); import { run } from './b.ts';",
    'lib/e.ts': 'export const late = 1;',
  };
  const read = new Map(Object.entries(planted).map(([path, text]) => [path, readModule(path, text)]));
  expect(unusedExports(read)).toEqual(['lib/a.ts: dead', 'lib/a.ts: alias']);
});
