import Alert from '@cloudscape-design/components/alert';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { NavLink, Outlet, useNavigate, useNavigation } from 'react-router';
import { Me } from '../../../contract/api/portal/operator.ts';
import { asCallError, type CallError } from '../api/client.ts';
import { Failure, Loading } from '../components/page-states.tsx';
import { NAVIGATION } from '../navigation.ts';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';
import { Frame } from './frame.tsx';
import { type Portal, PortalContext } from './portal-context.ts';
import { SessionWarning } from './session-warning.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { TopBar } from './top-bar.tsx';

/** Who is signed in; asked for once, and again after a change of theirs. */
const useWho = () => {
  const { api } = useSignedIn();
  const [me, setMe] = useState<Me | null>(null);
  const [failure, setFailure] = useState<CallError | null>(null);
  const reload = useCallback(() => {
    setFailure(null);
    api.read('GET', '/api/portal/me', Me).then(setMe, (error) => setFailure(asCallError(error)));
  }, [api]);
  useEffect(reload, [reload]);
  return { me, failure, reload };
};

const Navigation = () => (
  <ul>
    {NAVIGATION.map(({ path, text }) => (
      <li key={path}>
        {/* A page whose address begins another's is current only by itself. */}
        <NavLink to={path} end={NAVIGATION.some((other) => other.path.startsWith(`${path}/`))}>
          {text}
        </NavLink>
      </li>
    ))}
  </ul>
);

/** The frame of every page: top bar, side navigation, messages, and the page. */
export const Shell = () => {
  const { api, signOut, signInAgain } = useSignedIn();
  const { me, failure, reload } = useWho();
  const [message, announce] = useState<string | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [navigate, navigation] = [useNavigate(), useNavigation()];
  const portal = useMemo<Portal | null>(
    () => (me === null ? null : { me, api, announce, reloadMe: reload, askToSignInAgain: () => setAsked(true) }),
    [me, api, reload],
  );
  if (failure !== null && portal === null)
    return (
      <main className="narrow">
        <Failure failure={failure} onRetry={reload} />
      </main>
    );
  if (portal === null) return <Loading />;
  return (
    <PortalContext value={portal}>
      <Frame
        top={<TopBar me={portal.me} onHome={() => void navigate('/')} onSignOut={signOut} />}
        navigation={<Navigation />}
      >
        <output className="frame-message">
          {message !== null && (
            <Alert type="success" dismissible dismissAriaLabel={en.top.dismiss} onDismiss={() => announce(null)}>
              {message}
            </Alert>
          )}
        </output>
        {navigation.state === 'loading' ? <Loading /> : <Outlet />}
      </Frame>
      <SessionWarning />
      <SignInAgain isAsked={isAsked} onCancel={() => setAsked(false)} onGo={signInAgain} />
    </PortalContext>
  );
};
