import { useCallback, useEffect, useRef, useState } from 'react';
import { askedFor, useAddress, waiting } from './use-address.ts';

/** Long enough for the next letter, short enough not to delay the list. */
const PAUSE_MS = 500;

type Texts<Name extends string> = Readonly<Record<Name, string>>;

/**
 * Typed filters. The fields hold the typed text, letter by letter; the address, and so the list, follows at a
 * pause, at Enter, or with the next change of another filter. Only a link, back or forward changes the text in the fields.
 * During composition (input methods of Chinese, Japanese, Korean, and dead keys) pauses do not count.
 * @param names in the address; the same at every call
 */
export const useTypedFilters = <Name extends string>(names: readonly Name[]) => {
  const address = useAddress();
  const { set, visit } = address;
  const fromAddress = (): Texts<Name> =>
    Object.fromEntries(names.map((name) => [name, address.of(name)])) as Record<Name, string>;
  const [typed, setTyped] = useState(fromAddress);
  const isComposing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const forget = useCallback((): void => {
    clearTimeout(timer.current);
    for (const name of names) waiting.delete(name);
  }, [names]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the visit represents the address.
  useEffect(() => {
    if (visit === null) return;
    forget();
    setTyped(fromAddress());
  }, [visit, forget]);
  useEffect(() => forget, [forget]);
  /** Applies the typed text. Further typing in the same filter adds no entry to the browser's history. */
  const search = (): void => {
    clearTimeout(timer.current);
    const changed = names.filter((name) => waiting.has(name));
    if (changed.length === 0) return;
    const isMore = changed.every((name) => askedFor(name) !== '');
    set({}, isMore);
  };
  const searchAtPause = (): void => {
    clearTimeout(timer.current);
    if (!isComposing.current) timer.current = setTimeout(search, PAUSE_MS);
  };
  /** @param isWhole false: incomplete, e.g. half a date */
  const type = (name: Name, text: string, isWhole = true): void => {
    setTyped((before) => ({ ...before, [name]: text }));
    const asked = text.trim();
    if (!isWhole || asked === askedFor(name)) waiting.delete(name);
    else waiting.set(name, asked);
    searchAtPause();
  };
  const clear = (others: Readonly<Record<string, string>>): void => {
    forget();
    const nothing = Object.fromEntries(names.map((name) => [name, '']));
    setTyped(nothing as Record<Name, string>);
    set({ ...nothing, ...others });
  };
  return {
    typed,
    type,
    /** At Enter, unless it ends a composition. */
    searchNow: (): void => {
      if (!isComposing.current) search();
    },
    /** Clears the fields, and changes other filters in the same step. */
    clear,
    /** For an element around the fields. */
    composing: {
      onCompositionStart: (): void => {
        isComposing.current = true;
        clearTimeout(timer.current);
      },
      onCompositionEnd: (): void => {
        isComposing.current = false;
        searchAtPause();
      },
    },
  };
};

export type TypedFilters<Name extends string> = ReturnType<typeof useTypedFilters<Name>>;
