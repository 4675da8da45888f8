import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { CallError } from '../../api/client.ts';
import { Failure } from '../../components/page-states.tsx';
import { en } from '../../text/en.ts';

/** Asks before something that cannot be undone. */
export const Confirm = (props: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly isBusy: boolean;
  readonly failure: CallError | null;
  readonly onYes: () => void;
  readonly onNo: () => void;
}) => (
  <Modal
    visible
    closeAriaLabel={en.top.dismiss}
    header={props.title}
    onDismiss={props.onNo}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={props.onNo}>
            {props.no}
          </Button>
          <Button variant="primary" loading={props.isBusy} onClick={props.onYes}>
            {props.yes}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <SpaceBetween size="m">
      <Box variant="p">{props.text}</Box>
      {props.failure !== null && <Failure failure={props.failure} />}
    </SpaceBetween>
  </Modal>
);
