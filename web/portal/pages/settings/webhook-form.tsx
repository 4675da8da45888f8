import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import * as z from 'zod';
import { EventName, USUAL_EVENTS } from '../../../../contract/api/portal/webhook-events.ts';
import type { WebhookSecretShownOnce, WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { WEBHOOK_ROUTES } from '../../../../contract/api/routes/portal-webhooks.ts';
import type { CallError } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ConflictChoice } from '../../components/conflict-choice.tsx';
import { useKeptDraft } from '../../session/draft.ts';
import { webhooks as webhooksTexts } from '../../text/en/webhooks.ts';
import { EventChoice } from './event-choice.tsx';

const texts = webhooksTexts.form;

/** Values of the form; they come back after signing in again. */
export const WebhookDraft = z.strictObject({
  kind: z.literal('webhook'),
  /** Null: a new webhook. */
  webhookId: z.string().nullable(),
  url: z.string(),
  events: z.array(EventName),
  /** URL and events of an existing webhook as the operator last saw them. */
  seen: z.strictObject({ url: z.string(), events: z.array(EventName) }).nullable(),
});
export type WebhookDraft = z.infer<typeof WebhookDraft>;
export const EMPTY_WEBHOOK: WebhookDraft = {
  kind: 'webhook',
  webhookId: null,
  url: 'https://',
  events: [...USUAL_EVENTS],
  seen: null,
};

/** Initial values of the form for an existing webhook. */
export const draftOf = ({ webhookId, url, events }: WebhookView): WebhookDraft => ({
  kind: 'webhook',
  webhookId,
  url,
  events,
  seen: { url, events },
});

const Theirs = z.strictObject({ url: z.string(), events: z.array(EventName) }).partial();
const lastSeen = ({ seen, url, events }: WebhookDraft) => seen ?? { url, events };
type Fields = Pick<WebhookDraft, 'url' | 'events'>;
const joined = ({ url, events }: Fields, theirs: z.infer<typeof Theirs>): Fields => ({
  url: theirs.url ?? url,
  events: theirs.events ?? events,
});
/** Whether the operator has seen the other value. */
const isSeen = (draft: WebhookDraft, theirs: z.infer<typeof Theirs>): boolean =>
  JSON.stringify(joined(lastSeen(draft), theirs)) === JSON.stringify(joined(lastSeen(draft), {}));

/** Changes of another operator, member by member, until the operator decides. */
const Conflicts = (props: {
  failure: CallError | null;
  draft: WebhookDraft;
  onDraft: (draft: WebhookDraft) => void;
}) => {
  const { failure, draft, onDraft } = props;
  const open = (failure?.conflicts ?? []).flatMap((conflict) => {
    const theirs = Theirs.safeParse({ [conflict.pointer.slice(2)]: conflict.theirs });
    const isOpen = theirs.success && !isSeen(draft, theirs.data);
    return isOpen ? [{ conflict, theirs: theirs.data }] : [];
  });
  return open.map(({ conflict, theirs }) => (
    <ConflictChoice
      key={conflict.pointer}
      label={theirs.url === undefined ? texts.events : texts.url}
      conflict={conflict}
      theirs={theirs.url ?? theirs.events?.join(', ') ?? ''}
      onKeep={() => onDraft({ ...draft, seen: joined(lastSeen(draft), theirs) })}
      onTake={() => onDraft({ ...draft, ...joined(draft, theirs), seen: joined(lastSeen(draft), theirs) })}
    />
  ));
};

/** The form for a new webhook, or for URL and events of an existing one. */
export const WebhookForm = (props: {
  readonly start: WebhookDraft;
  readonly onCreated: (created: WebhookSecretShownOnce) => void;
  readonly onChanged: () => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(props.start);
  const { mutate, isBusy, failure } = useMutation();
  useKeptDraft(draft);
  const { webhookId } = draft;
  const fault = failure?.errors.find(({ pointer }) => pointer === '#/url');
  const save = async (): Promise<void> => {
    const body = { url: draft.url.trim(), events: draft.events };
    if (webhookId === null) {
      const created = await mutate((api) => api.call(WEBHOOK_ROUTES.portalAddWebhook, { body }));
      if (created !== null) props.onCreated(created);
    } else {
      const changed = await mutate((api) =>
        api.call(WEBHOOK_ROUTES.portalEditWebhook, {
          path: { webhookId },
          body: { ...body, base: lastSeen(draft) },
        }),
      );
      if (changed !== null) props.onChanged();
    }
  };
  return (
    <ConfirmDialog
      title={webhookId === null ? webhooksTexts.make : webhooksTexts.acts.edit}
      confirm={webhookId === null ? texts.create : texts.save}
      cancel={webhooksTexts.cancel}
      isBusy={isBusy}
      isReady={draft.events.length > 0}
      failure={failure?.conflicts.length === 0 ? failure : null}
      onConfirm={() => void save()}
      onClose={props.onCancel}
    >
      <FormField label={texts.url} description={texts.urlHelp} errorText={fault?.detail ?? ''}>
        <Input
          type="url"
          inputMode="url"
          value={draft.url}
          onChange={({ detail }) => setDraft({ ...draft, url: detail.value.slice(0, 2048) })}
        />
      </FormField>
      <EventChoice events={draft.events} onChange={(events) => setDraft({ ...draft, events })} />
      <Conflicts failure={failure} draft={draft} onDraft={setDraft} />
    </ConfirmDialog>
  );
};
