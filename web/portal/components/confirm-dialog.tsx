import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { CallError } from '../api/client.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './page-states.tsx';

/** Confirms an action, or asks for its input, and shows its failure. */
export const ConfirmDialog = (props: {
  title: string;
  confirm: string;
  cancel: string;
  isBusy: boolean;
  /** False while something is missing. */
  isReady?: boolean;
  failure: CallError | null;
  onConfirm: () => void;
  /** Called on the close button, Escape, and the `cancel` button unless that does something else. */
  onClose: () => void;
  /** If `cancel` does not close: what it does, and the label of the close button. */
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
