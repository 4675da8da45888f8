import Box from '@cloudscape-design/components/box';
import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';

const texts = en.ending;
const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' });

/** Warns before a session ends, and says how to keep it. Any key or click keeps an idle one. */
export const SessionWarning = () => {
  const { ending, signInAgain } = useSignedIn();
  const [putOff, setPutOff] = useState<number | null>(null);
  if (ending === null || (ending.why === 'limit' && ending.at === putOff)) return null;
  const { title, text, go, close } = texts[ending.why];
  const onClose = (): void => setPutOff(ending.at);
  return (
    <ConfirmDialog
      title={title}
      confirm={go}
      cancel={close}
      isBusy={false}
      failure={null}
      onConfirm={ending.why === 'limit' ? () => signInAgain('expired') : onClose}
      onClose={onClose}
    >
      <Box variant="p">{text(time.format(ending.at))}</Box>
    </ConfirmDialog>
  );
};
