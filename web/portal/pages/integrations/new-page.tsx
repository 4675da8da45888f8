import Header from '@cloudscape-design/components/header';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { AccountView } from '../../../../contract/api/portal/account.ts';
import type { ShownOnce as Shown } from '../../../../contract/api/portal/integrations.ts';
import { ACCOUNT_ROUTES } from '../../../../contract/api/routes/portal-account.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { CallError } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { Loaded, NoPermission } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { useMay } from '../../shell/portal-context.ts';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import { defaultOptions, type OptionValues, optionsOf, valuesOf } from './option-values.ts';
import { OptionsForm } from './options-form.tsx';

const texts = integrationsTexts.form;
const loadShownOnce = () =>
  import('./shown-once.tsx').then(
    ({ ShownOnce }) => ({ default: ShownOnce }),
    // A browser does not request a script again that failed to load: the page has to be reloaded.
    () => Promise.reject(new CallError('unreadable-answer')),
  );
const ShownOnce = lazy(loadShownOnce);

/** The fields of a new integration: the schema's defaults, the account's, and a consent text with its organization's name. */
const startOf = ({ name, defaults }: AccountView): OptionValues => {
  const { retentionDays, ...rest } = defaults;
  return valuesOf({
    ...defaultOptions(),
    ...rest,
    consent: {
      version: new Date().toISOString().slice(0, 10),
      text: texts.consent(name, String(retentionDays)),
      retentionDays,
    },
    branding: { displayName: name },
  });
};

const NewIntegration = ({ account }: { account: AccountView }) => {
  const { mutate, isBusy, failure } = useMutation();
  const [initial] = useState(() => startOf(account));
  const [shown, setShown] = useState<Shown | null>(null);
  const navigate = useNavigate();
  if (shown !== null) {
    return (
      <Suspense>
        <ShownOnce shown={shown} onDone={() => void navigate(`/integrations/${shown.integrationId}/connect`)} />
      </Suspense>
    );
  }
  const create = async (values: OptionValues): Promise<void> => {
    const body = { options: optionsOf(values) };
    const created = await mutate(async (api) => {
      // Before the secret is created: it is returned once, so the dialog that shows it must be loaded.
      await loadShownOnce();
      return api.call(INTEGRATION_ROUTES.portalAddIntegration, { body });
    });
    if (created !== null) setShown(created);
  };
  return (
    <OptionsForm
      initial={initial}
      title={<Header variant="h1">{texts.newTitle}</Header>}
      submit={texts.create}
      isBusy={isBusy}
      isReadOnly={false}
      failure={failure}
      onSubmit={(values) => void create(values)}
    />
  );
};

/** Creates an integration and shows its secret. */
export const Component = () => {
  usePageTitle(texts.newTitle);
  const mayCreate = useMay('admin');
  const result = useQuery('account', (api, signal) => api.call(ACCOUNT_ROUTES.portalAccount, { signal }));
  if (!mayCreate) return <NoPermission />;
  return <Loaded result={result}>{(account) => <NewIntegration account={account} />}</Loaded>;
};
