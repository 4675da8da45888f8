import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import * as z from 'zod';
import { EVENT_TYPES, EventType, USUAL_EVENTS } from '../../../../contract/api/portal/webhook-events.ts';
import { WebhookSecretShownOnce, WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { useAct } from '../../api/use-act.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useKeptDraft } from '../../session/draft.ts';
import { webhooks as webhooksWords } from '../../text/en/webhooks.ts';

const words = webhooksWords.form;

/** What stands in the form; it comes back after signing in again. */
export const WebhookDraft = z.strictObject({
  kind: z.literal('webhook'),
  /** Null: a new one. */
  webhookId: z.string().nullable(),
  url: z.string(),
  events: z.array(EventType),
});
export type WebhookDraft = z.infer<typeof WebhookDraft>;
export const EMPTY_WEBHOOK: WebhookDraft = {
  kind: 'webhook',
  webhookId: null,
  url: 'https://',
  events: [...USUAL_EVENTS],
};

/** What the form for a webhook that is there begins with. */
export const draftOf = ({ webhookId, url, events }: WebhookView): WebhookDraft => ({
  kind: 'webhook',
  webhookId,
  url,
  events,
});

/** The form for a new webhook, or for address and events of one that is there. */
export const WebhookForm = (props: {
  readonly start: WebhookDraft;
  readonly onMade: (made: WebhookSecretShownOnce) => void;
  readonly onChanged: () => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(props.start);
  const { act, isBusy, failure } = useAct();
  useKeptDraft(draft);
  const { webhookId } = draft;
  const fault = failure?.errors.find(({ pointer }) => pointer === '#/url');
  const save = async (): Promise<void> => {
    const body = { url: draft.url.trim(), events: draft.events };
    if (webhookId === null) {
      const made = await act((api) => api.read('POST', '/api/portal/webhooks', WebhookSecretShownOnce, { body }));
      if (made !== null) props.onMade(made);
    } else {
      const path = `/api/portal/webhooks/${encodeURIComponent(webhookId)}`;
      const changed = await act((api) => api.read('PATCH', path, WebhookView, { body }));
      if (changed !== null) props.onChanged();
    }
  };
  return (
    <ConfirmDialog
      title={webhookId === null ? webhooksWords.make : webhooksWords.acts.edit}
      confirm={webhookId === null ? words.create : words.save}
      cancel={webhooksWords.cancel}
      isBusy={isBusy}
      isReady={draft.events.length > 0}
      failure={failure}
      onConfirm={() => void save()}
      onClose={props.onCancel}
    >
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
    </ConfirmDialog>
  );
};
