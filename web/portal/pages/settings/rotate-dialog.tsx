import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import type { LiveSecret } from '../../../../contract/api/portal/rotation.ts';
import type { CallError } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { timeText } from '../../components/time.tsx';
import { webhooks as webhooksTexts } from '../../text/en/webhooks.ts';

const texts = webhooksTexts.rotate;

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
    label: texts.secret(generation, since === null ? null : timeText(since)),
    description: endsAt === null ? texts.newest : texts.signsUntil(timeText(endsAt)),
  }));
  const ending = isEnding ? secrets.find(({ generation }) => String(generation) === chosen) : undefined;
  return (
    <ConfirmDialog
      title={texts.title}
      confirm={webhooksTexts.acts.rotate}
      cancel={webhooksTexts.cancel}
      isBusy={props.isBusy}
      isReady={!isEnding || ending !== undefined}
      failure={props.failure}
      onConfirm={() => props.onConfirm(ending)}
      onClose={props.onClose}
    >
      <Box variant="p">{isEnding ? texts.textOfTwo : texts.text}</Box>
      {isEnding && (
        <FormField label={texts.ending} description={texts.endingText}>
          <Select
            options={choices}
            placeholder={texts.choose}
            selectedOption={choices.find(({ value }) => value === chosen) ?? null}
            onChange={({ detail }) => setChosen(detail.selectedOption.value ?? null)}
            expandToViewport
          />
        </FormField>
      )}
    </ConfirmDialog>
  );
};
