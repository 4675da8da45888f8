import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import type { LiveSecret } from '../../../../contract/api/portal/rotation.ts';
import type { CallError } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { timeText } from '../../components/time.tsx';
import { webhooks as webhooksWords } from '../../text/en/webhooks.ts';

const words = webhooksWords.rotate;

/** Confirms a new secret for a webhook; while two sign, also asks which of them ends. */
export const RotateDialog = (props: {
  secrets: readonly LiveSecret[];
  isBusy: boolean;
  failure: CallError | null;
  onConfirm: (ending: LiveSecret | undefined) => void;
  onClose: () => void;
}) => {
  const { secrets } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const isEnding = secrets.length > 1;
  const choices = secrets.map(({ generation, since, endsAt }) => ({
    value: String(generation),
    label: words.secret(generation, since === null ? null : timeText(since)),
    description: endsAt === null ? words.newest : words.signsUntil(timeText(endsAt)),
  }));
  const ending = isEnding ? secrets.find(({ generation }) => String(generation) === chosen) : undefined;
  return (
    <ConfirmDialog
      title={words.title}
      confirm={webhooksWords.acts.rotate}
      cancel={webhooksWords.cancel}
      isBusy={props.isBusy}
      isReady={!isEnding || ending !== undefined}
      failure={props.failure}
      onConfirm={() => props.onConfirm(ending)}
      onClose={props.onClose}
    >
      <Box variant="p">{isEnding ? words.textOfTwo : words.text}</Box>
      {isEnding && (
        <FormField label={words.ending} description={words.endingText}>
          <Select
            options={choices}
            placeholder={words.choose}
            selectedOption={choices.find(({ value }) => value === chosen) ?? null}
            onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
            expandToViewport
          />
        </FormField>
      )}
    </ConfirmDialog>
  );
};
