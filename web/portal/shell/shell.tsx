import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { NavLink, Outlet, useNavigate, useNavigation } from 'react-router';
import type { CallError } from '../api/client.ts';
import { Failure, Loading } from '../components/page-states.tsx';
import { NAVIGATION } from '../navigation.ts';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';
import { Frame } from './frame.tsx';
import { type Portal, PortalContext } from './portal-context.ts';
import { SessionWarning } from './session-warning.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { TopBar } from './top-bar.tsx';
import { useMessage } from './use-message.ts';
import { useWho } from './use-who.ts';

// Rarely shown, so it is not part of the first load.
const NoAccount = lazy(() => import('./no-account.tsx').then(({ NoAccount }) => ({ default: NoAccount })));

const Navigation = () => (
  <ul>
    {NAVIGATION.map(({ path, text }) => (
      <li key={path}>
        {/* A page whose path is a prefix of another's is current only on an exact match. */}
        <NavLink to={path} end={NAVIGATION.some((other) => other.path.startsWith(`${path}/`))}>
          {text}
        </NavLink>
      </li>
    ))}
  </ul>
);

/** Above every page: the message of the last action, and a failure to load the operator. */
const Messages = (props: {
  message: string | null;
  failure: CallError | null;
  onDismiss: () => void;
  onRetry: () => void;
}) => (
  <output className="frame-message">
    {props.message !== null && (
      <Alert type="success" dismissible i18nStrings={{ dismissAriaLabel: en.top.dismiss }} onDismiss={props.onDismiss}>
        {props.message}
      </Alert>
    )}
    {props.failure !== null && <Failure failure={props.failure} onRetry={props.onRetry} />}
  </output>
);

/** Nothing can be shown yet; the operator can still sign out. */
const Unreadable = ({ failure, onRetry }: { failure: CallError; onRetry: () => void }) => {
  const { signOut } = useSignedIn();
  return (
    <main className="narrow">
      <SpaceBetween size="m">
        <Failure failure={failure} onRetry={onRetry} />
        <Button onClick={signOut}>{en.top.signOut}</Button>
      </SpaceBetween>
    </main>
  );
};

/** The frame of every page: top bar, side navigation, messages, and the page. */
export const Shell = () => {
  const { api, signOut, isBackForAction } = useSignedIn();
  const { me, failure, reload, become } = useWho();
  const { message, announce, dismiss } = useMessage(isBackForAction ? en.again.back : null);
  const [isAsked, setAsked] = useState(false);
  const [navigate, navigation] = [useNavigate(), useNavigation()];
  useEffect(() => api.onRefusal((code) => code === 'reauthentication-required' && setAsked(true)), [api]);
  const portal = useMemo<Portal | null>(
    () => (me === null ? null : { me, api, announce, reloadMe: reload }),
    [me, api, announce, reload],
  );
  if (failure?.code === 'no-account') {
    return (
      <Suspense fallback={<Loading />}>
        <NoAccount onFounded={become} onCheck={reload} />
      </Suspense>
    );
  }
  if (portal === null) return failure === null ? <Loading /> : <Unreadable failure={failure} onRetry={reload} />;
  return (
    <PortalContext value={portal}>
      <Frame
        top={<TopBar me={portal.me} onHome={() => void navigate('/')} onSignOut={signOut} />}
        navigation={<Navigation />}
      >
        <Messages message={message} failure={failure} onDismiss={dismiss} onRetry={reload} />
        {navigation.state === 'loading' ? <Loading /> : <Outlet />}
      </Frame>
      <SessionWarning />
      {isAsked && <SignInAgain onCancel={() => setAsked(false)} />}
    </PortalContext>
  );
};
