import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import * as z from 'zod';
import type { ApiKeyShownOnce, ApiKeyView } from '../../../../contract/api/portal/api-keys.ts';
import { API_KEY_ROUTES } from '../../../../contract/api/routes/portal-api-keys.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Empty } from '../../components/pager.tsx';
import { Time } from '../../components/time.tsx';
import { useKept, useRestoredDraft } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { apiKeys as texts } from '../../text/en/api-keys.ts';
import { ApiKeyDraft, EMPTY_KEY, NewApiKeyForm } from './new-api-key.tsx';
import { ShownOnce } from './shown-once.tsx';

const columns = (onRevoke: ((key: ApiKeyView) => void) | null): Column<ApiKeyView>[] => [
  { id: 'name', header: texts.columns.name, cell: ({ name }) => name, isRowHeader: true },
  { id: 'key', header: texts.columns.key, cell: ({ keyId }) => <Box variant="code">{texts.beginning(keyId)}</Box> },
  { id: 'scopes', header: texts.columns.scopes, cell: ({ scopes }) => scopes.join(', ') },
  {
    id: 'integration',
    header: texts.columns.integration,
    cell: ({ integrationId }) =>
      integrationId === null ? texts.allIntegrations : <Box variant="code">{integrationId}</Box>,
  },
  { id: 'created', header: texts.columns.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'used',
    header: texts.columns.lastUsed,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.neverUsed : <Time at={lastUsedAt} />),
  },
  {
    id: 'ends',
    header: texts.columns.expires,
    cell: ({ expiresAt }) => (expiresAt === null ? texts.neverEnds : <Time at={expiresAt} />),
  },
  ...(onRevoke === null
    ? []
    : [
        {
          id: 'actions',
          header: texts.columns.actions,
          cell: (key: ApiKeyView) => (
            <Button variant="inline-link" ariaLabel={texts.revokeName(key.name)} onClick={() => onRevoke(key)}>
              {texts.revoke}
            </Button>
          ),
        },
      ]),
];

const Revoke = (props: { readonly apiKey: ApiKeyView; readonly onClose: (isRevoked: boolean) => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { keyId, name } = props.apiKey;
  const revoke = async (): Promise<void> => {
    const done = await mutate((api) => api.call(API_KEY_ROUTES.portalRevokeApiKey, { body: { keyId } }));
    if (done !== null) props.onClose(true);
  };
  return (
    <ConfirmDialog
      title={texts.revokeTitle(name)}
      confirm={texts.revoke}
      cancel={texts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void revoke()}
      onClose={() => props.onClose(false)}
    >
      <Box variant="p">{texts.revokeText}</Box>
    </ConfirmDialog>
  );
};

const Keys = ({ keys, onChanged }: { keys: readonly ApiKeyView[]; onChanged: () => void }) => {
  const restored = ApiKeyDraft.safeParse(useRestoredDraft());
  const [form, setForm] = useState<ApiKeyDraft | null>(restored.success ? restored.data : null);
  const [shown, setShown] = useState<ApiKeyShownOnce | null>(null);
  const [revokingId, setRevokingId] = useKept('revoking', z.string().nullable(), null);
  const revoking = keys.find(({ keyId }) => keyId === revokingId);
  const { announce } = usePortal();
  const [mayCreate, mayRevoke] = [useMay('admin'), useMay('write')];
  return (
    <>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          counter={texts.count(keys.length)}
          description={texts.description}
          actions={
            mayCreate && (
              <Button variant="primary" onClick={() => setForm(EMPTY_KEY)}>
                {texts.make}
              </Button>
            )
          }
        >
          {texts.title}
        </Header>
        <DataTable
          label={texts.title}
          items={keys}
          columns={columns(mayRevoke ? ({ keyId }) => setRevokingId(keyId) : null)}
          keyOf={({ keyId }) => keyId}
          empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
        />
      </SpaceBetween>
      {form !== null && (
        <NewApiKeyForm
          start={form}
          onCancel={() => setForm(null)}
          onCreated={(created) => {
            setForm(null);
            setShown(created);
            onChanged();
          }}
        />
      )}
      {shown !== null && <ShownOnce {...texts.shown} secret={shown.apiKey} onDone={() => setShown(null)} />}
      {revoking !== undefined && (
        <Revoke
          apiKey={revoking}
          onClose={(isRevoked) => {
            setRevokingId(null);
            if (!isRevoked) return;
            announce(texts.revoked);
            onChanged();
          }}
        />
      )}
    </>
  );
};

/** Settings → API keys. */
export const Component = () => {
  const result = useQuery('api-keys', (api, signal) => api.call(API_KEY_ROUTES.portalApiKeys, { signal }));
  return <Loaded result={result}>{({ keys }) => <Keys keys={keys} onChanged={result.reload} />}</Loaded>;
};
