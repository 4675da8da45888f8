import Box from '@cloudscape-design/components/box';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';

const words = en.ending;
const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' });

/** Says before a session ends that it will, and what keeps it. Any key or click keeps one that nobody used. */
export const SessionWarning = () => {
  const { ending, signInAgain } = useSignedIn();
  const [putOff, setPutOff] = useState<number | null>(null);
  if (ending === null || (ending.why === 'limit' && ending.at === putOff)) return null;
  const { title, text, go, close } = words[ending.why];
  const onClose = (): void => setPutOff(ending.at);
  return (
    <ConfirmDialog
      title={title}
      confirm={go}
      cancel={close}
      isBusy={false}
      failure={null}
      onConfirm={ending.why === 'limit' ? () => signInAgain('anew') : onClose}
      onClose={onClose}
    >
      <Box variant="p">{text(time.format(ending.at))}</Box>
    </ConfirmDialog>
  );
};
