import Box from '@cloudscape-design/components/box';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';

const words = en.again;

/** Offers a new sign-in for an action that requires a recent one. */
export const SignInAgain = ({ onCancel }: { onCancel: () => void }) => {
  const { signInAgain } = useSignedIn();
  return (
    <ConfirmDialog
      title={words.title}
      confirm={words.go}
      cancel={words.cancel}
      isBusy={false}
      failure={null}
      onConfirm={() => signInAgain('action')}
      onClose={onCancel}
    >
      <Box variant="p">{words.text}</Box>
    </ConfirmDialog>
  );
};
