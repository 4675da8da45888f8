import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import type { AccountChange, AccountView } from '../../../../contract/api/portal/account.ts';
import { NOTICES_FILE_NAME, PORTAL_PAGE_PATH } from '../../../../contract/api/portal/sign-in.ts';
import { ACCOUNT_ROUTES } from '../../../../contract/api/routes/portal-account.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { ConflictNotice } from '../../components/conflict-choice.tsx';
import { Failure, Loaded } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { settings as texts } from '../../text/en/settings.ts';
import { OptionField, WithConflict } from '../integrations/option-field.tsx';
import { OPTION_TABLE } from '../integrations/option-table.ts';
import {
  baseOfChange,
  changedOptions,
  checkValues,
  errorsFrom,
  type OptionValues,
  valuesOf,
} from '../integrations/option-values.ts';
import { useOptionValues } from '../integrations/use-option-values.ts';
import { MailSender } from './mail-sender.tsx';

/** Options with a default in the account. */
const FIELDS = OPTION_TABLE.filter(
  ({ path }) =>
    path.startsWith('lockout.') ||
    ['attemptsPerSession', 'sessionTimeoutSeconds', 'consent.retentionDays'].includes(path),
);

const fieldsOf = ({ name, defaults: { retentionDays, ...rest } }: AccountView): OptionValues =>
  valuesOf({ name, ...rest, consent: { retentionDays } });

const PATHS = ['name', ...FIELDS.map(({ path }) => path)];

/** Changed fields in the form of an account change. */
const asAccount = (options: Readonly<Record<string, unknown>>): Omit<AccountChange, 'base'> => {
  const { name, consent, ...defaults } = options;
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(Object.keys(options).some((member) => member !== 'name')
      ? { defaults: { ...defaults, ...(consent as object | undefined) } }
      : {}),
  };
};

const changeOf = (seen: OptionValues, values: OptionValues): AccountChange => ({
  ...asAccount(changedOptions(seen, values)),
  base: asAccount(baseOfChange(seen, values)),
});

const Settings = ({ account }: { account: AccountView }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { announce, reloadMe } = usePortal();
  const mayChange = useMay('write');
  const [loaded, setLoaded] = useState(() => fieldsOf(account));
  const { values, seen, isChanged, conflicts, decide, setValue } = useOptionValues(loaded, PATHS, failure);
  const [hasTried, setTried] = useState(false);
  const errors = {
    ...(failure === null ? {} : errorsFrom(failure.errors)),
    ...(hasTried ? checkValues(values, PATHS) : {}),
  };
  const form = useRef<HTMLFormElement>(null);
  const save = async (): Promise<void> => {
    setTried(true);
    if (Object.keys(checkValues(values, PATHS)).length > 0) return;
    if (conflicts.size > 0) return form.current?.querySelector<HTMLElement>('.conflict button')?.focus();
    const changed = await mutate((api) => api.call(ACCOUNT_ROUTES.portalEditAccount, { body: changeOf(seen, values) }));
    if (changed === null) return;
    setLoaded(fieldsOf(changed));
    setTried(false);
    announce(texts.saved);
    reloadMe();
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <UnsavedGuard when={isChanged && !isBusy} />
      <Form
        header={<Header variant="h1">{texts.title}</Header>}
        actions={
          mayChange ? (
            <Button variant="primary" loading={isBusy}>
              {texts.save}
            </Button>
          ) : undefined
        }
      >
        <SpaceBetween size="l">
          {conflicts.size > 0 && <ConflictNotice />}
          {failure !== null && failure.conflicts.length === 0 && <Failure failure={failure} />}
          <Container header={<Header variant="h2">{texts.account}</Header>}>
            <WithConflict
              label={texts.name}
              path="name"
              conflict={conflicts.get('name')}
              onDecide={(isMine) => decide('name', isMine)}
            >
              <FormField
                label={texts.name}
                description={texts.nameHelp}
                errorText={errors['name'] === undefined ? undefined : texts.nameWrong}
              >
                <Input
                  value={String(values['name'])}
                  readOnly={!mayChange}
                  onChange={({ detail }) => setValue('name', detail.value)}
                />
              </FormField>
            </WithConflict>
          </Container>
          <Container
            header={
              <Header variant="h2" description={texts.defaultsHelp}>
                {texts.defaults}
              </Header>
            }
          >
            <SpaceBetween size="l">
              {FIELDS.map((entry) => (
                <OptionField
                  key={entry.path}
                  entry={entry}
                  value={values[entry.path] ?? ''}
                  error={errors[entry.path]}
                  isReadOnly={!mayChange}
                  onChange={(value) => setValue(entry.path, value)}
                  conflict={conflicts.get(entry.path)}
                  onDecide={(isMine) => decide(entry.path, isMine)}
                />
              ))}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
};

/** The account's name, and the defaults of new integrations. */
export const Component = () => {
  usePageTitle(texts.title);
  const result = useQuery('account', (api, signal) => api.call(ACCOUNT_ROUTES.portalAccount, { signal }));
  return (
    <Loaded result={result}>
      {(account) => (
        <SpaceBetween size="l">
          <Settings account={account} />
          <MailSender sender={account.emailSender} />
          <Link href={`${PORTAL_PAGE_PATH}${NOTICES_FILE_NAME}`}>{texts.notices}</Link>
        </SpaceBetween>
      )}
    </Loaded>
  );
};
