import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { en } from '../text/en.ts';

export interface SignInAgainProps {
  readonly isAsked: boolean;
  readonly onGo: () => void;
  readonly onCancel: () => void;
}

/** Offers a new sign-in for an act that asks for a recent one. */
export const SignInAgain = ({ isAsked, onGo, onCancel }: SignInAgainProps) => (
  <Modal
    visible={isAsked}
    header={en.again.title}
    closeAriaLabel={en.again.cancel}
    onDismiss={onCancel}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onCancel}>
            {en.again.cancel}
          </Button>
          <Button variant="primary" onClick={onGo}>
            {en.again.go}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    {en.again.text}
  </Modal>
);
