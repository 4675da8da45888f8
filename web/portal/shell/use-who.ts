import { useCallback, useEffect, useState } from 'react';
import type { Me } from '../../../contract/api/portal/me.ts';
import { SIGN_IN_ROUTES } from '../../../contract/api/routes/portal-sign-in.ts';
import { asCallError, CallError } from '../api/client.ts';
import { useSignedIn } from '../session/session-context.ts';

/**
 * Who is signed in; loaded once, and again after a change. Any call that finds them without an account is reported here,
 * e.g. after they were removed.
 */
export const useWho = () => {
  const { api } = useSignedIn();
  const [me, setMe] = useState<Me | null>(null);
  const [failure, setFailure] = useState<CallError | null>(null);
  const become = useCallback((next: Me): void => {
    setMe(next);
    setFailure(null);
  }, []);
  const reload = useCallback((): void => {
    api.call(SIGN_IN_ROUTES.portalMe).then(become, (error) => setFailure(asCallError(error)));
  }, [api, become]);
  useEffect(reload, [reload]);
  useEffect(
    () => api.onRefusal((code) => code === 'no-account' && setFailure((before) => before ?? new CallError(code))),
    [api],
  );
  return { me, failure, reload, become };
};
