import Box from '@cloudscape-design/components/box';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';

const texts = en.again;

/** Offers a new sign-in for an action that requires a recent one. */
export const SignInAgain = ({ onCancel }: { onCancel: () => void }) => {
  const { signInAgain } = useSignedIn();
  return (
    <ConfirmDialog
      title={texts.title}
      confirm={texts.go}
      cancel={texts.cancel}
      isBusy={false}
      failure={null}
      onConfirm={() => signInAgain('action')}
      onClose={onCancel}
    >
      <Box variant="p">{texts.text}</Box>
    </ConfirmDialog>
  );
};
