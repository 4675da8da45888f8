import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Filters of a list as they stand in the address. An empty value is not there. */
export interface Address {
  readonly of: (name: string) => string;
  /**
   * Changes some of them and goes back to the first page.
   * @param isReplaced true: without a new entry in the browser's history, e.g. while somebody types
   */
  readonly set: (change: Readonly<Record<string, string>>, isReplaced?: boolean) => void;
  /** The whole of it, as a key for what is read. */
  readonly key: string;
}

export const useAddress = (): Address => {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (change: Readonly<Record<string, string>>, isReplaced = false) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          after.delete('cursor');
          for (const [name, value] of Object.entries(change)) {
            if (value === '') after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace: isReplaced },
      ),
    [setParameters],
  );
  return { of: (name) => parameters.get(name) ?? '', set, key: parameters.toString() };
};
