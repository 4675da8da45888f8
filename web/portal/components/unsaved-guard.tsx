import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { en } from '../text/en.ts';

export interface UnsavedGuardProps {
  /** True while something would be lost. */
  readonly when: boolean;
  readonly title?: string;
  readonly text?: string;
}

/** Asks before the person leaves a page with unsaved changes: by a link, by the browser's back button, or by closing it. */
export const UnsavedGuard = ({ when, title = en.unsaved.title, text = en.unsaved.text }: UnsavedGuardProps) => {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => when && currentLocation.key !== nextLocation.key);
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [when]);
  return (
    <Modal
      visible={blocker.state === 'blocked'}
      header={title}
      closeAriaLabel={en.unsaved.stay}
      onDismiss={() => blocker.reset?.()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => blocker.proceed?.()}>
              {en.unsaved.leave}
            </Button>
            <Button variant="primary" onClick={() => blocker.reset?.()}>
              {en.unsaved.stay}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {text}
    </Modal>
  );
};
