/** A text catalogue, or a part of one. */
export type Words = Record<string, unknown>;
export const isWords = (value: unknown): value is Words => typeof value === 'object' && value !== null;

/** A pseudo-language: the English texts a third longer and with accents, so that texts outside the catalogues or too long for their place show. */
export const PSEUDO = 'pseudo';

const MARKS: Readonly<Record<string, string>> = { a: 'á', e: 'ë', i: 'ï', o: 'ö', u: 'ü', A: 'Å', E: 'É', O: 'Ö' };

const pseudoText = (text: string): string =>
  `${text.replaceAll(/[aeiouAEO]/g, (letter) => MARKS[letter] ?? letter)}${' ~~~~~'.repeat(Math.ceil(text.length / 18))}`;

/** A text, or a function that returns one, in the pseudo-language. */
export const pseudoOf = (value: unknown): unknown => {
  if (typeof value === 'string') return pseudoText(value);
  if (typeof value !== 'function') return value;
  return (...values: unknown[]) => pseudoOf(value(...values));
};

/**
 * Replaces texts in `catalogue`, in place, since other modules refer to it.
 * @param given the text at a path; undefined keeps it
 */
export const replaceWords = (catalogue: Words, given: (path: readonly string[], word: unknown) => unknown): void => {
  const seen = new Set<object>();
  const walk = (words: Words, path: readonly string[]): void => {
    if (seen.has(words)) return;
    seen.add(words);
    for (const [name, word] of Object.entries(words)) {
      if (isWords(word)) walk(word, [...path, name]);
      else words[name] = given([...path, name], word) ?? word;
    }
  };
  walk(catalogue, []);
};

export const wordAt = (words: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((found, name) => (isWords(found) ? found[name] : undefined), words);
