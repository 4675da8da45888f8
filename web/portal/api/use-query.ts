import { useCallback, useEffect, useState } from 'react';
import { useSignedIn } from '../session/session-context.ts';
import { asCallError, type CallError, type PortalApi } from './client.ts';

/** Result of a call that reads. `reload` repeats it and keeps the current data until the new answer arrives. */
export type QueryResult<Data> = { readonly reload: () => void } & (
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: CallError }
  | { readonly state: 'ready'; readonly data: Data; readonly isReloading: boolean }
);

type Stored<Data> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: CallError }
  | { readonly state: 'ready'; readonly data: Data; readonly isReloading: boolean };

/**
 * Reads when the page opens and whenever `key` changes.
 * @param key identifies what is read, e.g. the id and the filter, as one string
 */
export const useQuery = <Data>(
  key: string,
  load: (api: PortalApi, signal: AbortSignal) => Promise<Data>,
): QueryResult<Data> => {
  const { api } = useSignedIn();
  const [stored, setStored] = useState<Stored<Data>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  const [shownKey, setShownKey] = useState(key);
  if (shownKey !== key) {
    setShownKey(key);
    setStored({ state: 'loading' });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` and `turn` identify what `load` reads; the function is new at every render.
  useEffect(() => {
    const leaving = new AbortController();
    load(api, leaving.signal).then(
      (data) => leaving.signal.aborted || setStored({ state: 'ready', data, isReloading: false }),
      (error) => leaving.signal.aborted || setStored({ state: 'failed', failure: asCallError(error) }),
    );
    return () => leaving.abort();
  }, [api, key, turn]);
  const reload = useCallback(() => {
    setStored((before) => (before.state === 'ready' ? { ...before, isReloading: true } : { state: 'loading' }));
    setTurn((before) => before + 1);
  }, []);
  return { ...stored, reload };
};
