import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { CopyValue } from '../../components/copy-value.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { shownOnce as texts } from '../../text/en/shown-once.ts';
import { en } from '../../text/en.ts';

/** Shows a secret while this dialog is open. Only "I have stored it" closes it, so that no accidental key press loses it. */
export const ShownOnce = (props: {
  readonly title: string;
  readonly text: string;
  readonly label: string;
  readonly secret: string;
  readonly onDone: () => void;
}) => {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog
      title={props.title}
      close={en.top.dismiss}
      onClose={() => isStored && props.onDone()}
      footer={
        <Box float="right">
          <Button variant="primary" disabled={!isStored} onClick={props.onDone}>
            {texts.done}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{props.text}</Box>
        <CopyValue label={props.label} value={props.secret} />
        <Checkbox checked={isStored} onChange={({ detail }) => setStored(detail.checked)}>
          {texts.stored}
        </Checkbox>
      </SpaceBetween>
    </Dialog>
  );
};
