import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { useSignedIn } from '../session/session-context.ts';
import { en } from '../text/en.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

export interface UnsavedGuardProps {
  /** True while leaving would lose something. */
  readonly when: boolean;
  readonly title?: string;
  readonly text?: string;
  /** True: it is kept nowhere, not even during a new sign-in, e.g. a secret that is shown once. */
  readonly isKeptNowhere?: boolean;
}

/** Asks before a page with unsaved changes is left: by a link, by the browser's back button, or by closing it. */
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
    <ConfirmDialog
      title={title}
      confirm={en.unsaved.stay}
      cancel={en.unsaved.leave}
      isBusy={false}
      failure={null}
      onConfirm={() => blocker.reset()}
      onClose={() => blocker.reset()}
      other={{ onCancel: () => blocker.proceed(), close: en.unsaved.stay }}
    >
      {text}
    </ConfirmDialog>
  );
};
