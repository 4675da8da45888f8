import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FieldConflict } from '../api/client.ts';
import { conflicts as words } from '../text/en/conflicts.ts';
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

/** Says above or below a form that some of its fields need a decision. */
export const ConflictNotice = () => (
  <Alert type="warning" header={words.title}>
    {words.text}
  </Alert>
);
