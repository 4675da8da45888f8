import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';
import { Dialog } from './dialog.tsx';

export interface UnsavedGuardProps {
  /** True while something would be lost. */
  readonly when: boolean;
  readonly title?: string;
  readonly text?: string;
  /** True: it is kept nowhere, also not while the person signs in again, e.g. a secret that is shown once. */
  readonly isKeptNowhere?: boolean;
}

/** Asks before the person leaves a page with unsaved changes: by a link, by the browser's back button, or by closing it. */
export const UnsavedGuard = (props: UnsavedGuardProps) => {
  const { when, title = en.unsaved.title, text = en.unsaved.text, isKeptNowhere = false } = props;
  const { isLeaving } = useSignedIn();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => when && currentLocation.key !== nextLocation.key);
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent): void => {
      if (isKeptNowhere || !isLeaving()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [when, isKeptNowhere, isLeaving]);
  if (blocker.state !== 'blocked') return null;
  return (
    <Dialog
      title={title}
      close={en.unsaved.stay}
      onClose={() => blocker.reset()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={() => blocker.proceed()}>
              {en.unsaved.leave}
            </Button>
            <Button variant="primary" formAction="none" onClick={() => blocker.reset()}>
              {en.unsaved.stay}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {text}
    </Dialog>
  );
};
