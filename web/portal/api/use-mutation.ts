import { useCallback, useState } from 'react';
import { useSignedIn } from '../session/session-context.ts';
import { asCallError, type CallError, type PortalApi } from './client.ts';

/**
 * An act of the person: a call that changes something. Where the service asks for a recent sign-in, the shell offers it above
 * whatever is open, and the person comes back to this page, to the dialog and with what they had typed if those are kept
 * (`useKept`, `useKeptDraft`).
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
        // The shell has its dialog open by now.
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
