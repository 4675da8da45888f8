import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DOCS = fileURLToPath(new URL('../', import.meta.url));
/** The document that shows the snippets. */
export const STEP_UP_DOC = `${DOCS}step-up.md`;

/** A marker with the file's name, then a block of code. */
const BLOCK = /(<!-- snippet: ([\w.-]+) -->\n```ts\n)[\s\S]*?(```)/g;

/** The document's text with every marked block replaced by the snippet as it stands in `docs/snippets`. */
export const withSnippets = async (text: string): Promise<string> => {
  const names = [...text.matchAll(BLOCK)].map(([, , name = '']) => name);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(`${DOCS}snippets/${name}`, 'utf8')]));
  const contents = new Map(files as [string, string][]);
  return text.replace(
    BLOCK,
    (_all, before: string, name: string, after: string) => before + contents.get(name) + after,
  );
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(STEP_UP_DOC, await withSnippets(await readFile(STEP_UP_DOC, 'utf8')));
}
