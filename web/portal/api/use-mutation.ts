import { useCallback, useState } from 'react';
import { useSignedIn } from '../session/session-context.ts';
import { asCallError, type CallError, type PortalApi } from './client.ts';

/**
 * A call that changes something. If the service requires a recent sign-in, the shell offers it above whatever is open, and the
 * operator comes back to this page, to the open dialog and with the typed values if those are kept (`useKept`, `useKeptDraft`).
 */
export const useMutation = () => {
  const { api } = useSignedIn();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallError | null>(null);
  const mutate = useCallback(
    async <Result>(run: (api: PortalApi) => Promise<Result>): Promise<Result | null> => {
      setBusy(true);
      setFailure(null);
      try {
        return await run(api);
      } catch (error) {
        const known = asCallError(error);
        // The shell has already opened its dialog.
        if (known.code !== 'reauthentication-required') setFailure(known);
        return null;
      } finally {
        setBusy(false);
      }
    },
    [api],
  );
  return { mutate, isBusy, failure, clearFailure: () => setFailure(null) };
};
