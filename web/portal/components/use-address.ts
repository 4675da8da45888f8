import { useCallback } from 'react';
import { useLocation, useNavigate, useNavigationType } from 'react-router';

/** Filters of a list as they stand in the address. An empty value is not there. */
export interface Address {
  readonly of: (name: string) => string;
  /**
   * Changes some of them and goes back to the first page. What is typed and waits for a pause goes with it.
   * @param isReplaced true: without a new entry in the browser's history, e.g. while somebody types
   */
  readonly set: (change: Readonly<Record<string, string>>, isReplaced?: boolean) => void;
  /** The whole of it, as a key for what is read. */
  readonly key: string;
  /** Differs for every visit of an address that somebody else led to: a link, or the browser's back and forward buttons. */
  readonly visit: string | null;
}

/** Marks addresses that the page itself went to: what stands in its fields is at least as new. */
const OWN = { isOwnFilter: true } as const;
const isOwn = (state: unknown): boolean => typeof state === 'object' && state !== null && 'isOwnFilter' in state;

/** The browser's own address: what the router renders may lie behind it by a change of a moment ago. */
const current = (): URLSearchParams => new URLSearchParams(location.search);
export const askedFor = (name: string): string => current().get(name) ?? '';

/** What is typed into filters and not yet in the address; one page is shown at a time. */
export const waiting = new Map<string, string>();

export const useAddress = (): Address => {
  const { search, state, key: visit } = useLocation();
  const [navigate, type] = [useNavigate(), useNavigationType()];
  const parameters = new URLSearchParams(search);
  const set = useCallback(
    (change: Readonly<Record<string, string>>, isReplaced = false): void => {
      const after = current();
      after.delete('cursor');
      const typed = Object.fromEntries(waiting);
      waiting.clear();
      // A cursor is one of the list that was asked for before.
      const { cursor = '', ...others } = change;
      const changes = { ...typed, ...others, ...(Object.keys(typed).length === 0 ? { cursor } : {}) };
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') after.delete(name);
        else after.set(name, value);
      }
      void navigate(`?${after}`, { replace: isReplaced, state: OWN });
    },
    [navigate],
  );
  return {
    of: (name) => parameters.get(name) ?? '',
    set,
    key: parameters.toString(),
    visit: type !== 'POP' && isOwn(state) ? null : visit,
  };
};
