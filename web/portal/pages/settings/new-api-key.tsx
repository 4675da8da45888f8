import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import * as z from 'zod';
import { type ApiKeyShownOnce, SCOPES, Scope } from '../../../../contract/api/portal/api-keys.ts';
import { API_KEY_ROUTES } from '../../../../contract/api/routes/portal-api-keys.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useKeptDraft } from '../../session/draft.ts';
import { apiKeys as apiKeysWords } from '../../text/en/api-keys.ts';

const texts = apiKeysWords.form;
const ALL = { value: '', label: apiKeysWords.allIntegrations };
const ENDS = [
  { value: '', label: texts.never },
  ...[30, 90, 365].map((days) => ({ value: String(days), label: texts.days(days) })),
];

/** Values of the form; they come back after signing in again. */
export const ApiKeyDraft = z.strictObject({
  kind: z.literal('api-key'),
  name: z.string(),
  scopes: z.array(Scope),
  integrationId: z.string(),
  days: z.string(),
});
export type ApiKeyDraft = z.infer<typeof ApiKeyDraft>;
export const EMPTY_KEY: ApiKeyDraft = { kind: 'api-key', name: '', scopes: [], integrationId: '', days: '90' };

/** The form for a new key. */
export const NewApiKeyForm = (props: {
  readonly start: ApiKeyDraft;
  readonly onCreated: (created: ApiKeyShownOnce) => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(props.start);
  const { mutate, isBusy, failure } = useMutation();
  useKeptDraft(draft);
  const integrations = useQuery('integrations', (api, signal) =>
    api.call(INTEGRATION_ROUTES.portalIntegrations, { signal }),
  );
  const found = integrations.state === 'ready' ? integrations.data.integrations : [];
  const choices = [ALL, ...found.map(({ integrationId, name }) => ({ value: integrationId, label: name }))];
  const change = (part: Partial<ApiKeyDraft>) => setDraft({ ...draft, ...part });
  const create = async (): Promise<void> => {
    const body = {
      name: draft.name,
      scopes: draft.scopes,
      integrationId: draft.integrationId === '' ? null : draft.integrationId,
      expiresInDays: draft.days === '' ? null : Number(draft.days),
    };
    const created = await mutate((api) => api.call(API_KEY_ROUTES.portalAddApiKey, { body }));
    if (created !== null) props.onCreated(created);
  };
  return (
    <ConfirmDialog
      title={apiKeysWords.make}
      confirm={texts.create}
      cancel={apiKeysWords.cancel}
      isBusy={isBusy}
      isReady={draft.name.trim() !== '' && draft.scopes.length > 0}
      failure={failure}
      onConfirm={() => void create()}
      onClose={props.onCancel}
    >
      <FormField label={texts.name} description={texts.nameHelp}>
        <Input value={draft.name} onChange={({ detail }) => change({ name: detail.value.slice(0, 80) })} />
      </FormField>
      <FormField label={texts.scopes} description={texts.scopesHelp}>
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            checked={draft.scopes.includes(scope)}
            description={scope}
            onChange={({ detail }) =>
              change({
                scopes: SCOPES.filter((each) => (each === scope ? detail.checked : draft.scopes.includes(each))),
              })
            }
          >
            {texts.scope[scope]}
          </Checkbox>
        ))}
      </FormField>
      <FormField label={texts.integration} description={texts.integrationHelp}>
        <Select
          selectedOption={choices.find(({ value }) => value === draft.integrationId) ?? ALL}
          options={choices}
          statusType={integrations.state === 'loading' ? 'loading' : 'finished'}
          onChange={({ detail }) => change({ integrationId: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <FormField label={texts.expires} description={texts.expiresHelp}>
        <Select
          selectedOption={ENDS.find(({ value }) => value === draft.days) ?? null}
          options={ENDS}
          onChange={({ detail }) => change({ days: detail.selectedOption.value ?? '' })}
        />
      </FormField>
    </ConfirmDialog>
  );
};
