import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useState } from 'react';
import * as z from 'zod';
import type { LiveSecret, Rotation } from '../../../../contract/api/portal/rotation.ts';
import type { WebhookSecretShownOnce, WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { WEBHOOK_ROUTES } from '../../../../contract/api/routes/portal-webhooks.ts';
import { isRotationRefusal } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Failure, Loaded } from '../../components/page-states.tsx';
import { Empty } from '../../components/pager.tsx';
import { useKept, useRestoredDraft } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { webhooks as texts } from '../../text/en/webhooks.ts';
import { ShownOnce } from './shown-once.tsx';
import { draftOf, EMPTY_WEBHOOK, WebhookDraft, WebhookForm } from './webhook-form.tsx';
import { Outcome, WebhookLog } from './webhook-log.tsx';
import { WebhookState } from './webhook-state.tsx';

const RotateDialog = lazy(() => import('./rotate-dialog.tsx').then((parts) => ({ default: parts.RotateDialog })));

type Action = keyof typeof texts.acts;
/** How long an old secret signs in addition to the new one. */
const OVERLAP_SECONDS = 86_400;

const actionsOn = ({ enabled }: WebhookView, isOwner: boolean): readonly Action[] => [
  'test',
  'log',
  ...(isOwner ? (['edit', enabled ? 'off' : 'on', 'rotate', 'remove'] as const) : []),
];

const columns = (isOwner: boolean, onAction: (name: Action, webhook: WebhookView) => void): Column<WebhookView>[] => [
  {
    id: 'url',
    header: texts.columns.url,
    cell: ({ url }) => <Box variant="code">{url}</Box>,
    isRowHeader: true,
    breaks: true,
  },
  { id: 'state', header: texts.columns.state, breaks: true, cell: (webhook) => <WebhookState webhook={webhook} /> },
  { id: 'events', header: texts.columns.events, cell: ({ events }) => events.join(', ') },
  {
    id: 'last',
    header: texts.columns.last,
    breaks: true,
    cell: ({ attempts: [last] }) => (last === undefined ? texts.noAttempt : <Outcome attempt={last} />),
  },
  {
    id: 'actions',
    header: texts.columns.actions,
    cell: (webhook) => (
      <ButtonDropdown
        items={actionsOn(webhook, isOwner).map((id) => ({ id, text: texts.acts[id] }))}
        ariaLabel={texts.moreOf(webhook.url)}
        expandToViewport
        onItemClick={({ detail }) => onAction(detail.id as Action, webhook)}
      >
        {texts.more}
      </ButtonDropdown>
    ),
  },
];

/** The dialog of an action, if one is open; it comes back after signing in again. */
const Open = z.strictObject({ action: z.enum(['log', 'rotate', 'remove']), webhookId: z.string() }).nullable();

const useWebhookActions = (onChanged: () => void, edit: (webhook: WebhookView) => void) => {
  const { mutate, isBusy, failure } = useMutation();
  const { announce } = usePortal();
  const [open, setOpen] = useKept('open', Open, null);
  const [shown, setShown] = useState<WebhookSecretShownOnce | null>(null);
  const finished = (message: string): void => {
    setOpen(null);
    announce(message);
    onChanged();
  };
  const toggle = async (webhookId: string, enabled: boolean): Promise<void> => {
    const done = await mutate((api) =>
      api.call(WEBHOOK_ROUTES.portalEditWebhook, { path: { webhookId }, body: { enabled } }),
    );
    if (done !== null) finished(texts.switched);
  };
  const send = async (webhookId: string, what: 'test' | 'delete', message: string): Promise<void> => {
    const route = what === 'test' ? WEBHOOK_ROUTES.portalTestWebhook : WEBHOOK_ROUTES.portalDeleteWebhook;
    if ((await mutate((api) => api.call(route, { path: { webhookId } }))) !== null) finished(message);
  };
  const rotate = async ({ webhookId, secrets }: WebhookView, ending: LiveSecret | undefined): Promise<void> => {
    const body: Rotation = {
      generation: Math.max(...secrets.map(({ generation }) => generation)),
      overlapSeconds: OVERLAP_SECONDS,
      ends: ending === undefined ? [] : [{ generation: ending.generation, lastUsedAt: ending.lastUsedAt }],
    };
    const rotated = await mutate((api) =>
      api.call(WEBHOOK_ROUTES.portalRotateWebhookSecret, { path: { webhookId }, body }).catch((error: unknown) => {
        // Another operator was faster, or the answer to this rotation was lost: show the current secrets.
        if (isRotationRefusal(error)) onChanged();
        throw error;
      }),
    );
    if (rotated === null) return;
    setOpen(null);
    setShown(rotated);
    onChanged();
  };
  const onAction = (name: Action, webhook: WebhookView): void => {
    const { webhookId } = webhook;
    if (name === 'edit') edit(webhook);
    else if (name === 'test') void send(webhookId, 'test', texts.tested);
    else if (name === 'on' || name === 'off') void toggle(webhookId, name === 'on');
    else setOpen({ action: name, webhookId });
  };
  return { isBusy, failure, open, setOpen, shown, setShown, finished, onAction, send, rotate };
};

const Dialogs = ({
  webhooks,
  actions,
  reload,
}: {
  readonly webhooks: readonly WebhookView[];
  readonly actions: ReturnType<typeof useWebhookActions>;
  readonly reload: () => void;
}) => {
  const { open, setOpen, isBusy, failure } = actions;
  const webhook = webhooks.find(({ webhookId }) => webhookId === open?.webhookId);
  const close = () => setOpen(null);
  if (open === null || webhook === undefined) return null;
  if (open.action === 'log') return <WebhookLog webhook={webhook} onReload={reload} onClose={close} />;
  if (open.action === 'rotate') {
    return (
      <Suspense>
        <RotateDialog
          secrets={webhook.secrets}
          isBusy={isBusy}
          failure={failure}
          onConfirm={(ending) => void actions.rotate(webhook, ending)}
          onClose={close}
        />
      </Suspense>
    );
  }
  return (
    <ConfirmDialog
      title={texts.removeTitle}
      confirm={texts.acts.remove}
      cancel={texts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void actions.send(webhook.webhookId, 'delete', texts.removed)}
      onClose={close}
    >
      <Box variant="p">{texts.removeText}</Box>
    </ConfirmDialog>
  );
};

const Webhooks = ({ webhooks, onChanged }: { webhooks: readonly WebhookView[]; onChanged: () => void }) => {
  const restored = WebhookDraft.safeParse(useRestoredDraft());
  const [form, setForm] = useState<WebhookDraft | null>(restored.success ? restored.data : null);
  const actions = useWebhookActions(onChanged, (webhook) => setForm(draftOf(webhook)));
  const isOwner = useMay('admin');
  const hasFailed = webhooks.some(({ disabledBecause }) => disabledBecause === 'failing' || disabledBecause === 'gone');
  return (
    <>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          counter={texts.count(webhooks.length)}
          description={texts.description}
          actions={
            isOwner && (
              <Button variant="primary" onClick={() => setForm(EMPTY_WEBHOOK)}>
                {texts.make}
              </Button>
            )
          }
        >
          {texts.title}
        </Header>
        {hasFailed && (
          <Alert type="warning" header={texts.failedTitle}>
            {texts.failedText}
          </Alert>
        )}
        {actions.failure !== null && actions.open === null && <Failure failure={actions.failure} />}
        <DataTable
          label={texts.title}
          items={webhooks}
          columns={columns(isOwner, actions.onAction)}
          keyOf={({ webhookId }) => webhookId}
          empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
        />
      </SpaceBetween>
      {form !== null && (
        <WebhookForm
          start={form}
          onChanged={() => {
            setForm(null);
            actions.finished(texts.switched);
          }}
          onCancel={() => setForm(null)}
          onCreated={(created) => {
            setForm(null);
            actions.setShown(created);
            onChanged();
          }}
        />
      )}
      {actions.shown !== null && (
        <ShownOnce {...texts.shown} secret={actions.shown.secret} onDone={() => actions.setShown(null)} />
      )}
      <Dialogs webhooks={webhooks} actions={actions} reload={onChanged} />
    </>
  );
};

/** Settings → Webhooks. */
export const Component = () => {
  const result = useQuery('webhooks', (api, signal) => api.call(WEBHOOK_ROUTES.portalWebhooks, { signal }));
  return (
    <Loaded result={result}>{({ webhooks }) => <Webhooks webhooks={webhooks} onChanged={result.reload} />}</Loaded>
  );
};
