import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** License texts for packages that may contain none (https://spdx.org/licenses); their copyright line is added. */
const STANDARD_TEXTS: Readonly<Record<string, string>> = {
  'Apache-2.0': 'LICENSE',
  MIT: 'lib/licenses/MIT.txt',
  'MIT-0': 'lib/licenses/MIT-0.txt',
};
/** Texts that a package should contain but does not: those of code compiled into its files. */
const MISSING_TEXTS: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs-backend-wasm': 'lib/licenses/tfjs-backend-wasm.txt',
};
/** Files in which a package states its license and those of the code that it contains. */
const LEGAL_FILE = /^(licen[cs]e|copying|notice|third[-_]?party)/i;
const LICENSE_FILE = /^(licen[cs]e|copying)/i;
const CODE = new Set(['.js', '.mjs', '.cjs', '.css']);
const COMMENT = /\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+/gm;
/** Legal comments as bundlers define them, and others that name a copyright holder. */
const LEGAL_COMMENT = /^\/[/*]!|@license|@preserve|copyright \(?c|copyright ©|copyright \d|all rights reserved/i;
/**
 * Packages vendored in another one without their package.json and not installed separately. Their versions are in the
 * package.json of the one that contains them.
 */
const CARRIED: Readonly<Record<string, Manifest>> = {
  // @aws-amplify/ui-react-liveness, devDependencies; license by the registry.
  '@tensorflow-models/face-detection': {
    name: '@tensorflow-models/face-detection',
    version: '1.0.3',
    license: 'Apache-2.0',
    author: 'Google LLC',
  },
};
const RULE = '-'.repeat(80);

interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly license: string;
  readonly texts: readonly string[];
}
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

const idOf = ({ name, version }: Package): string => `${name} ${version}`;

const normalized = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/^\uFEFF?\n*/, '')
    .trimEnd();

/** A bundler's module id as a path: without the mark of virtual modules and without the query. */
const pathOf = (module: string): string => module.replace(/^\0/, '').replace(/\?.*$/, '');

/** The folder of the package that a module belongs to, the innermost; null for the project's own modules. */
const folderOf = (path: string): string | null => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? null;

const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** `name` of each package that `modules` contain code of, e.g. `@smithy/core`; sorted. */
export const packageNames = (modules: Iterable<string>): readonly string[] => {
  const folders = [...modules].flatMap((module) => folderOf(pathOf(module)) ?? []);
  return [...new Set(folders.map(nameOf))].sort();
};

/** The standard text, for a package that names a license but does not contain its text. */
const standardText = ({ name, license = '', author }: Manifest): string => {
  const file = STANDARD_TEXTS[license];
  if (file === undefined)
    throw new Error(`${name} brings no license text, and there is none for "${license}" in lib/licenses`);
  const holder = (typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`;
  return `Copyright ${holder}\n\n${readFileSync(join(ROOT, file), 'utf8')}`;
};

const legalComments = (path: string): readonly string[] => {
  if (!CODE.has(extname(path))) return [];
  const comments = readFileSync(path, 'utf8').match(COMMENT) ?? [];
  return comments
    .filter((comment) => LEGAL_COMMENT.test(comment))
    .map((comment) => comment.replaceAll(/^\s+(?=\*|\/)/gm, ' ').trim());
};

/** The package of a folder and the folder of its legal files: the one installed under its name if another package vendors it. */
const manifestOf = (folder: string): { readonly manifest: Manifest; readonly home: string } => {
  const name = nameOf(folder);
  const home = [folder, join(ROOT, 'node_modules', name)].find((each) => existsSync(join(each, 'package.json')));
  if (home !== undefined)
    return { manifest: JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest, home };
  const manifest = CARRIED[name];
  if (manifest === undefined)
    throw new Error(`${folder} has no package.json: name ${name} in lib/third-party-notices.ts`);
  return { manifest, home: folder };
};

/** @param modules the package's modules that are in the bundle */
const readPackage = (folder: string, modules: readonly string[]): Package => {
  const { manifest, home } = manifestOf(folder);
  const files = readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LEGAL_FILE.test(entry.name) && !CODE.has(extname(entry.name)))
    .map((entry) => entry.name)
    .sort();
  const own = files.map((name) => readFileSync(join(home, name), 'utf8'));
  const missing = MISSING_TEXTS[manifest.name];
  if (missing !== undefined) own.push(readFileSync(join(ROOT, missing), 'utf8'));
  const license = files.some((name) => LICENSE_FILE.test(name)) ? [] : [standardText(manifest)];
  const texts = [...license, ...own, ...new Set(modules.flatMap(legalComments))].map(normalized);
  const { name, version } = manifest;
  return { name, version, license: manifest.license ?? 'see its text', texts: [...new Set(texts)] };
};

/** One entry per version, even if it is installed twice; sorted. */
const packagesOf = (modules: Iterable<string>): readonly Package[] => {
  const byFolder = new Map<string, string[]>();
  for (const path of [...new Set([...modules].map(pathOf))].sort()) {
    const folder = folderOf(path);
    if (folder !== null) byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  const packages = [...byFolder].map(([folder, paths]) => readPackage(join(folder), paths));
  const byId = new Map<string, Package>();
  for (const each of packages) {
    const texts = new Set([...(byId.get(idOf(each))?.texts ?? []), ...each.texts]);
    byId.set(idOf(each), { ...each, texts: [...texts] });
  }
  return [...byId.keys()].sort().flatMap((id) => byId.get(id) ?? []);
};

/**
 * Licenses, notices and copyright lines of every package with code in a bundle, as one text in UTF-8. A text that
 * several packages share appears once. Vite's own `build.license` lists only the packages of scripts and their licenses, without
 * NOTICE files, which Apache-2.0 section 4(d) requires, and without packages that contain no license text.
 * @param modules paths of the modules in the bundle, absolute or from the root of the repository, as bundlers name them
 * @throws Error naming a package whose license has no text
 */
export const thirdPartyNotices = (modules: Iterable<string>): string => {
  const absolute = [...modules].map((module) =>
    pathOf(module).startsWith('node_modules/') ? join(ROOT, module) : module,
  );
  const packages = packagesOf(absolute);
  const byText = new Map<string, Set<string>>();
  for (const each of packages)
    for (const text of each.texts) byText.set(text, (byText.get(text) ?? new Set()).add(idOf(each)));
  return [
    // Tells browsers the encoding: served from a bucket the file has no charset.
    '\uFEFFThird-party notices\n\nThe files next to this one contain parts of these packages, under the terms below.\n',
    ...packages.map((each) => `  ${idOf(each)} (${each.license})`),
    ...[...byText].map(([text, ids]) => `\n${RULE}\n${[...ids].join('\n')}\n${RULE}\n\n${text}`),
    '',
  ].join('\n');
};

/** A file of an installed package as a module of a bundle: for files that are copied rather than bundled. */
export const moduleOf = (packageName: string): string =>
  createRequire(import.meta.url).resolve(`${packageName}/package.json`);
