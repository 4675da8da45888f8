import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { MEMBER_ROUTES } from '../../../../contract/api/routes/portal-members.ts';
import { asCallError, type CallError } from '../../api/client.ts';
import { Failure } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { useSignedIn } from '../../session/session-context.ts';
import { people as peopleTexts } from '../../text/en/people.ts';

const texts = peopleTexts.accept;

/** Where an invitation's link leads: outside the frame, since the invited operator is not a member of any account yet. */
export const Component = () => {
  usePageTitle(texts.title);
  const { api, signOut } = useSignedIn();
  const navigate = useNavigate();
  const token = useLocation().hash.slice(1);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallError | null>(null);
  const accept = async (): Promise<void> => {
    setBusy(true);
    try {
      await api.call(MEMBER_ROUTES.portalAcceptInvitation, { body: { token } });
      void navigate('/', { replace: true });
    } catch (error) {
      setFailure(asCallError(error));
      setBusy(false);
    }
  };
  return (
    <main className="narrow">
      <Container header={<Header variant="h1">{texts.title}</Header>}>
        <SpaceBetween size="m">
          {failure !== null && <Failure failure={failure} />}
          <Box variant="p">{token === '' ? texts.missing : texts.text}</Box>
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" disabled={token === ''} loading={isBusy} onClick={() => void accept()}>
              {texts.button}
            </Button>
            <Button onClick={signOut}>{texts.otherAccount}</Button>
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </main>
  );
};
