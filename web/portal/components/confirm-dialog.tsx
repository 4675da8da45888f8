import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { CallError } from '../api/client.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './page-states.tsx';

/** Asks once more before an act, or for what the act needs, and says how it failed. */
export const ConfirmDialog = (props: {
  title: string;
  confirm: string;
  cancel: string;
  isBusy: boolean;
  /** False while something is missing. */
  isReady?: boolean;
  failure: CallError | null;
  onConfirm: () => void;
  /** By the cross, Escape, and the button of `cancel` unless that does another thing. */
  onClose: () => void;
  /** Where `cancel` does not close: what it does, and the name of the cross. */
  other?: { readonly onCancel: () => void; readonly close: string };
  children: ReactNode;
}) => (
  <Dialog
    title={props.title}
    close={props.other?.close ?? props.cancel}
    onClose={props.onClose}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" formAction="none" onClick={props.other?.onCancel ?? props.onClose}>
            {props.cancel}
          </Button>
          <Button
            variant="primary"
            formAction="none"
            loading={props.isBusy}
            disabled={props.isReady === false}
            onClick={props.onConfirm}
          >
            {props.confirm}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <SpaceBetween size="l">
      {props.children}
      {props.failure !== null && <Failure failure={props.failure} />}
    </SpaceBetween>
  </Dialog>
);
