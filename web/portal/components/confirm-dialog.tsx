import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { CallError } from '../api/client.ts';
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
  onClose: () => void;
  children: ReactNode;
}) => (
  <Modal
    visible
    header={props.title}
    closeAriaLabel={props.cancel}
    onDismiss={props.onClose}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={props.onClose}>
            {props.cancel}
          </Button>
          <Button variant="primary" loading={props.isBusy} disabled={props.isReady === false} onClick={props.onConfirm}>
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
  </Modal>
);
