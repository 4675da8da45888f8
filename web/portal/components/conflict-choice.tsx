import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FieldConflict } from '../api/client.ts';
import { conflicts as words } from '../text/en/conflicts.ts';
import { Time } from './time.tsx';

/** Says of one field who changed it meanwhile and to what, and lets the person decide. What they typed stays in the field above. */
export const ConflictChoice = (props: {
  label: string;
  conflict: FieldConflict;
  /** Their value as a person reads it. */
  theirs: string;
  onKeep: () => void;
  onTake: () => void;
}) => {
  const { by, at } = props.conflict;
  return (
    <fieldset className="conflict" aria-label={`${words.by(by ?? words.unknown)}: ${props.label}`}>
      <Alert type="warning" header={words.by(by ?? words.unknown)}>
        {at !== null && (
          <Box variant="p" color="text-body-secondary">
            <Time at={at} />
          </Box>
        )}
        <Box variant="awsui-key-label">{words.theirs}</Box>
        <div className="wording">{props.theirs === '' ? words.empty : props.theirs}</div>
        <SpaceBetween direction="horizontal" size="xs">
          <Button formAction="none" ariaLabel={words.keepOf(props.label)} onClick={props.onKeep}>
            {words.keep}
          </Button>
          <Button formAction="none" ariaLabel={words.takeOf(props.label)} onClick={props.onTake}>
            {words.take}
          </Button>
        </SpaceBetween>
      </Alert>
    </fieldset>
  );
};

/** Says above or below a form that some of its fields wait for a decision. */
export const ConflictNotice = () => (
  <Alert type="warning" header={words.title}>
    {words.text}
  </Alert>
);
