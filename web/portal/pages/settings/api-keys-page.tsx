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
import { apiKeys as words } from '../../text/en/api-keys.ts';
import { ApiKeyDraft, EMPTY_KEY, NewApiKeyForm } from './new-api-key.tsx';
import { ShownOnce } from './shown-once.tsx';

const columns = (onRevoke: ((key: ApiKeyView) => void) | null): Column<ApiKeyView>[] => [
  { id: 'name', header: words.columns.name, cell: ({ name }) => name, isRowHeader: true },
  { id: 'key', header: words.columns.key, cell: ({ keyId }) => <Box variant="code">{words.beginning(keyId)}</Box> },
  { id: 'scopes', header: words.columns.scopes, cell: ({ scopes }) => scopes.join(', ') },
  {
    id: 'integration',
    header: words.columns.integration,
    cell: ({ integrationId }) =>
      integrationId === null ? words.allIntegrations : <Box variant="code">{integrationId}</Box>,
  },
  { id: 'created', header: words.columns.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'used',
    header: words.columns.lastUsed,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.neverUsed : <Time at={lastUsedAt} />),
  },
  {
    id: 'ends',
    header: words.columns.expires,
    cell: ({ expiresAt }) => (expiresAt === null ? words.neverEnds : <Time at={expiresAt} />),
  },
  ...(onRevoke === null
    ? []
    : [
        {
          id: 'actions',
          header: words.columns.actions,
          cell: (key: ApiKeyView) => (
            <Button variant="inline-link" ariaLabel={words.revokeName(key.name)} onClick={() => onRevoke(key)}>
              {words.revoke}
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
      title={words.revokeTitle(name)}
      confirm={words.revoke}
      cancel={words.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void revoke()}
      onClose={() => props.onClose(false)}
    >
      <Box variant="p">{words.revokeText}</Box>
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
  const [mayMake, mayRevoke] = [useMay('admin'), useMay('write')];
  return (
    <>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          counter={words.count(keys.length)}
          description={words.description}
          actions={
            mayMake && (
              <Button variant="primary" onClick={() => setForm(EMPTY_KEY)}>
                {words.make}
              </Button>
            )
          }
        >
          {words.title}
        </Header>
        <DataTable
          label={words.title}
          items={keys}
          columns={columns(mayRevoke ? ({ keyId }) => setRevokingId(keyId) : null)}
          keyOf={({ keyId }) => keyId}
          empty={<Empty title={words.emptyTitle} text={words.emptyText} />}
        />
      </SpaceBetween>
      {form !== null && (
        <NewApiKeyForm
          start={form}
          onCancel={() => setForm(null)}
          onMade={(made) => {
            setForm(null);
            setShown(made);
            onChanged();
          }}
        />
      )}
      {shown !== null && <ShownOnce {...words.shown} secret={shown.apiKey} onDone={() => setShown(null)} />}
      {revoking !== undefined && (
        <Revoke
          apiKey={revoking}
          onClose={(isRevoked) => {
            setRevokingId(null);
            if (!isRevoked) return;
            announce(words.revoked);
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
