import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Me } from '../../../contract/api/portal/me.ts';
import type { Newcomer } from '../../../contract/api/portal/newcomer.ts';
import { SIGN_IN_ROUTES } from '../../../contract/api/routes/portal-sign-in.ts';
import { useMutation } from '../api/use-mutation.ts';
import { useQuery } from '../api/use-query.ts';
import { Failure, Loading } from '../components/page-states.tsx';
import { usePageTitle } from '../components/page-title.ts';
import { Time } from '../components/time.tsx';
import { useSignedIn } from '../session/session-context.ts';
import { noAccount as texts } from '../text/en/no-account.ts';
import { en } from '../text/en.ts';

const Departure = ({ departure }: { departure: NonNullable<Newcomer['departure']> }) => (
  <Alert type="info">
    {texts.departures[departure.how](departure.accountName ?? texts.unnamed)} (<Time at={departure.at} />)
  </Alert>
);

const Found = ({ onFounded }: { onFounded: (me: Me) => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const found = async (): Promise<void> => {
    const me = await mutate((api) => api.call(SIGN_IN_ROUTES.portalFoundAccount));
    if (me !== null) onFounded(me);
  };
  return (
    <SpaceBetween size="s">
      <Box variant="p">{texts.foundText}</Box>
      {failure !== null && <Failure failure={failure} />}
      <Button loading={isBusy} onClick={() => void found()}>
        {texts.found}
      </Button>
    </SpaceBetween>
  );
};

/**
 * For someone who is signed in and not a member of any account, not yet or no longer: what happened, what they can do, and how to
 * sign out. Only its button creates an account.
 */
export const NoAccount = (props: { onFounded: (me: Me) => void; onCheck: () => void }) => {
  usePageTitle(texts.title);
  const { signOut } = useSignedIn();
  const result = useQuery('newcomer', (api, signal) => api.call(SIGN_IN_ROUTES.portalNewcomer, { signal }));
  return (
    <main className="narrow">
      <Container header={<Header variant="h1">{texts.title}</Header>}>
        <SpaceBetween size="m">
          {result.state === 'loading' && <Loading />}
          {result.state === 'failed' && <Failure failure={result.failure} onRetry={props.onCheck} />}
          {result.state === 'ready' && (
            <>
              {result.data.departure !== null && <Departure departure={result.data.departure} />}
              <Box variant="p">{result.data.email === null ? texts.noEmail : texts.invitation(result.data.email)}</Box>
              {result.data.mayFound && <Found onFounded={props.onFounded} />}
            </>
          )}
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" onClick={props.onCheck}>
              {texts.check}
            </Button>
            <Button onClick={signOut}>{en.top.signOut}</Button>
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </main>
  );
};
