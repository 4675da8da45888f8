import { isWords, PSEUDO, pseudoOf, replaceWords, wordAt } from './words.ts';

/** Every catalogue of the pages, by file: `web/capture/text/en.ts`, `web/portal/text/en/users.ts`. */
const FILES = import.meta.glob<Readonly<Record<string, unknown>>>('../../web/*/text/**/*.ts');

const LANGUAGE = /\/text\/([a-z]{2})(?=[-/.])/;
const ENGLISH = 'en';

/** The languages with catalogues, and the pseudo-language. */
export const LANGUAGES: readonly string[] = [
  ...new Set(Object.keys(FILES).flatMap((file) => LANGUAGE.exec(file)?.[1] ?? [])),
  PSEUDO,
];

/**
 * Replaces the English texts with those of a language, in each catalogue that has a file of that language next to it
 * (`text/de-camera.ts` next to `text/en-camera.ts`, `text/de/users.ts` next to `text/en/users.ts`). Before the screens are loaded,
 * since some read texts while they load.
 */
export const speak = async (language: string): Promise<void> => {
  if (language === ENGLISH) return;
  const done = new Set<object>();
  for (const [file, load] of Object.entries(FILES)) {
    if (LANGUAGE.exec(file)?.[1] !== ENGLISH) continue;
    const translated = await FILES[file.replace(LANGUAGE, `/text/${language}`)]?.();
    for (const [name, catalogue] of Object.entries(await load())) {
      if (!isWords(catalogue) || done.has(catalogue)) continue;
      done.add(catalogue);
      const own = translated?.[name] ?? translated?.[name.replace(/^en/, language)];
      replaceWords(catalogue, (path, word) => (language === PSEUDO ? pseudoOf(word) : wordAt(own, path)));
    }
  }
};
