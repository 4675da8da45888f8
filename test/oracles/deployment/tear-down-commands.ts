import { readFile } from 'node:fs/promises';

const DOCUMENT = new URL('../../../docs/deploy.md', import.meta.url);

/**
 * The commands of docs/deploy.md, section "Tear down", without comments: those that remove what is not kept, and those that remove
 * everything.
 *
 * @throws Error if the section has not these two blocks
 */
export const tearDownCommands = async (): Promise<{
  readonly destroy: readonly string[];
  readonly removeEverything: readonly string[];
}> => {
  const text = await readFile(DOCUMENT, 'utf8');
  const section = text.slice(text.indexOf('## Tear down'), text.indexOf('## After the first deployment'));
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) =>
    block
      .replaceAll(/\s+#.*/g, '')
      // A pipe goes on in the next line.
      .replaceAll(/\|\n\s+/g, '| ')
      .split('\n')
      .filter((line) => line !== ''),
  );
  const [destroy, removeEverything] = blocks;
  if (destroy === undefined || removeEverything === undefined || blocks.length > 2)
    throw new Error(`docs/deploy.md tears down in ${blocks.length} blocks of commands`);
  return { destroy, removeEverything };
};
