import { useCallback, useState } from 'react';
import { usePortal } from '../shell/portal-context.ts';
import { asCallError, type CallError, type PortalApi } from './client.ts';

/**
 * An act of the person: a call that changes something. Where the service asks for a recent sign-in, the shell offers it and the
 * person comes back to this page, with what they had typed if the form keeps a draft (`useKeptDraft`).
 */
export const useAct = () => {
  const { api, askToSignInAgain } = usePortal();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallError | null>(null);
  const act = useCallback(
    async <Result>(run: (api: PortalApi) => Promise<Result>): Promise<Result | null> => {
      setBusy(true);
      setFailure(null);
      try {
        return await run(api);
      } catch (error) {
        const known = asCallError(error);
        if (known.code === 'reauthentication-required') askToSignInAgain();
        else setFailure(known);
        return null;
      } finally {
        setBusy(false);
      }
    },
    [api, askToSignInAgain],
  );
  return { act, isBusy, failure, clearFailure: () => setFailure(null) };
};
