import { useCallback } from 'react';
import { useLocation, useNavigate, useNavigationType } from 'react-router';

/** Filters of a list in the address. An empty value is absent. */
export interface Address {
  readonly of: (name: string) => string;
  /**
   * Changes some of them and returns to the first page. Includes typed filters that are not in the address yet.
   * @param isReplaced true: without a new entry in the browser's history, e.g. while typing
   */
  readonly set: (change: Readonly<Record<string, string>>, isReplaced?: boolean) => void;
  /** All filters, as a key for the query. */
  readonly key: string;
  /** Changes with every navigation not made by the filters: a link, or the browser's back and forward buttons. */
  readonly visit: string | null;
}

/** Marks navigations made by the page itself: its fields are at least as new. */
const OWN = { isOwnFilter: true } as const;
const isOwn = (state: unknown): boolean => typeof state === 'object' && state !== null && 'isOwnFilter' in state;

/** The browser's own address: the router may not have rendered the latest change yet. */
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
      // A cursor belongs to the previous list.
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
