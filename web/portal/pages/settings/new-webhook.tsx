import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import * as z from 'zod';
import {
  EVENT_TYPES,
  EventType,
  USUAL_EVENTS,
  WebhookSecretShownOnce,
} from '../../../../contract/api/portal/webhooks.ts';
import { useAct } from '../../api/use-act.ts';
import { Failure } from '../../components/page-states.tsx';
import { useKeptDraft } from '../../session/draft.ts';
import { en } from '../../text/en.ts';

const words = en.webhooks.form;

/** What stands in the form; it comes back after signing in again. */
export const WebhookDraft = z.strictObject({
  kind: z.literal('webhook'),
  url: z.string(),
  events: z.array(EventType),
});
export type WebhookDraft = z.infer<typeof WebhookDraft>;
export const EMPTY_WEBHOOK: WebhookDraft = { kind: 'webhook', url: 'https://', events: [...USUAL_EVENTS] };

/** The form for a new webhook. */
export const NewWebhookForm = (props: {
  readonly start: WebhookDraft;
  readonly onMade: (made: WebhookSecretShownOnce) => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(props.start);
  const { act, isBusy, failure } = useAct();
  useKeptDraft(draft);
  const fault = failure?.errors.find(({ pointer }) => pointer === '#/url');
  const create = async (): Promise<void> => {
    const { url, events } = draft;
    const body = { url: url.trim(), events };
    const made = await act((api) => api.read('POST', '/api/portal/webhooks', WebhookSecretShownOnce, { body }));
    if (made !== null) props.onMade(made);
  };
  return (
    <Modal
      visible
      closeAriaLabel={en.top.dismiss}
      header={en.webhooks.make}
      onDismiss={props.onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onCancel}>
              {en.webhooks.cancel}
            </Button>
            <Button
              variant="primary"
              loading={isBusy}
              disabled={draft.events.length === 0}
              onClick={() => void create()}
            >
              {words.create}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <FormField label={words.url} description={words.urlHelp} errorText={fault?.detail ?? ''}>
          <Input
            type="url"
            inputMode="url"
            value={draft.url}
            onChange={({ detail }) => setDraft({ ...draft, url: detail.value.slice(0, 2048) })}
          />
        </FormField>
        <FormField label={words.events}>
          {EVENT_TYPES.map((type) => (
            <Checkbox
              key={type}
              checked={draft.events.includes(type)}
              description={type}
              onChange={({ detail }) =>
                setDraft({
                  ...draft,
                  events: EVENT_TYPES.filter((each) => (each === type ? detail.checked : draft.events.includes(each))),
                })
              }
            >
              {words.event[type]}
            </Checkbox>
          ))}
        </FormField>
        {failure !== null && <Failure failure={failure} />}
      </SpaceBetween>
    </Modal>
  );
};
