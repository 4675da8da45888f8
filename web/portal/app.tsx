import { useCallback, useEffect, useMemo, useState } from 'react';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { PortalApi } from './api/client.ts';
import { Loading } from './components/page-states.tsx';
import { ROUTES } from './routes.tsx';
import { SessionContext } from './session/session-context.ts';
import type { Session, SignedOutReason } from './session/sign-in.ts';
import { BASE, type SessionState } from './session/start-session.ts';
import { useEnding } from './session/use-ending.ts';
import { SignedOut } from './shell/signed-out.tsx';

const Pages = ({ session, onOut }: { session: Session; onOut: (reason: SignedOutReason) => void }) => {
  const [router] = useState(() => createBrowserRouter(ROUTES, { basename: BASE }));
  const api = useMemo(() => new PortalApi(session, () => onOut('ended')), [session, onOut]);
  const ending = useEnding(session, onOut);
  useEffect(() => () => router.dispose(), [router]);
  const signedIn = useMemo(
    () => ({
      api,
      ending,
      signOut: () => void session.signOut().catch(() => onOut('signed-out')),
      signInAgain: (why: 'expired' | 'action') => void session.signIn(why).catch(() => onOut('failed')),
      isBackForAction: session.isForAction,
      isLeaving: () => session.isLeaving,
    }),
    [api, ending, session, onOut],
  );
  return (
    <SessionContext value={signedIn}>
      <RouterProvider router={router} />
    </SessionContext>
  );
};

/** The portal: no page without a session, and after the end of one the reason. */
export const App = ({ started }: { started: Promise<SessionState> }) => {
  const [state, setState] = useState<SessionState>({ name: 'starting' });
  useEffect(() => {
    void started.then(setState);
  }, [started]);
  const session = state.name === 'in' ? state.session : null;
  const onOut = useCallback(
    (reason: SignedOutReason) => {
      session?.forget();
      // The first reason stays: pending calls and timers find that nobody is signed in any more.
      setState((before) => (before.name === 'in' ? { name: 'out', reason, session } : before));
    },
    [session],
  );
  if (state.name === 'starting') return <Loading />;
  if (state.name === 'in') return <Pages session={state.session} onOut={onOut} />;
  const { reason, session: left } = state;
  const signIn = (): void => {
    if (left === null) location.reload();
    else
      left
        .signIn(reason === 'idle' ? 'expired' : 'start')
        .catch(() => setState({ name: 'out', reason: 'failed', session: left }));
  };
  return <SignedOut reason={reason} onSignIn={signIn} />;
};
