import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { SignedOutReason } from '../session/sign-in.ts';
import { en } from '../text/en.ts';

/** Says why nobody is signed in, and offers a sign-in that leads back to the same page. */
export const SignedOut = ({ reason, onSignIn }: { reason: SignedOutReason; onSignIn: () => void }) => (
  <main className="narrow">
    <Container header={<Header variant="h1">{en.signIn.title[reason]}</Header>}>
      <SpaceBetween size="m">
        <Box variant="p">{en.signIn.text[reason]}</Box>
        <Button variant="primary" onClick={onSignIn}>
          {en.signIn.button}
        </Button>
      </SpaceBetween>
    </Container>
  </main>
);
