import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FieldConflict } from '../api/client.ts';
import { conflicts as texts } from '../text/en/conflicts.ts';
import { Time } from './time.tsx';

/** Shows for one field who else has changed it and to what, and lets the operator decide. The typed value stays in the field above. */
export const ConflictChoice = (props: {
  label: string;
  conflict: FieldConflict;
  /** The other operator's value, readable. */
  theirs: string;
  onKeep: () => void;
  onTake: () => void;
}) => {
  const { by, at } = props.conflict;
  return (
    <fieldset className="conflict" aria-label={`${texts.by(by ?? texts.unknown)}: ${props.label}`}>
      <Alert type="warning" header={texts.by(by ?? texts.unknown)}>
        {at !== null && (
          <Box variant="p" color="text-body-secondary">
            <Time at={at} />
          </Box>
        )}
        <Box variant="awsui-key-label">{texts.theirs}</Box>
        <div className="wording">{props.theirs === '' ? texts.empty : props.theirs}</div>
        <SpaceBetween direction="horizontal" size="xs">
          <Button formAction="none" ariaLabel={texts.keepOf(props.label)} onClick={props.onKeep}>
            {texts.keep}
          </Button>
          <Button formAction="none" ariaLabel={texts.takeOf(props.label)} onClick={props.onTake}>
            {texts.take}
          </Button>
        </SpaceBetween>
      </Alert>
    </fieldset>
  );
};

/** Says above or below a form that some of its fields need a decision. */
export const ConflictNotice = () => (
  <Alert type="warning" header={texts.title}>
    {texts.text}
  </Alert>
);
