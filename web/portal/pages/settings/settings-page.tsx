import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { AccountChange, AccountView } from '../../../../contract/api/portal/account.ts';
import { useAct } from '../../api/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Failure, Loaded } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useKeptDraft, useRestoredDraft } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { settings as words } from '../../text/en/settings.ts';
import { OptionField } from '../integrations/option-field.tsx';
import { OPTION_TABLE } from '../integrations/option-table.ts';
import { checkValues, OptionValues, optionsOf, valuesOf } from '../integrations/option-values.ts';

/** Those options that an account has defaults for. */
const FIELDS = OPTION_TABLE.filter(
  ({ path }) =>
    path.startsWith('lockout.') ||
    ['attemptsPerSession', 'sessionTimeoutSeconds', 'consent.retentionDays'].includes(path),
);

const fieldsOf = ({ name, defaults: { retentionDays, ...own } }: AccountView): OptionValues =>
  valuesOf({ name, ...own, consent: { retentionDays } });

const changeOf = (values: OptionValues): AccountChange => {
  const { name, lockout, attemptsPerSession, sessionTimeoutSeconds, consent } = optionsOf(values);
  const { retentionDays } = consent as { retentionDays: unknown };
  return { name, defaults: { lockout, attemptsPerSession, sessionTimeoutSeconds, retentionDays } } as AccountChange;
};

const Settings = ({ account }: { account: AccountView }) => {
  const { act, isBusy, failure } = useAct();
  const { announce, reloadMe } = usePortal();
  const mayChange = useMay('manage');
  const [initial, setInitial] = useState(() => fieldsOf(account));
  const restored = OptionValues.safeParse(useRestoredDraft());
  const [values, setValues] = useState<OptionValues>(() => ({ ...initial, ...restored.data }));
  const [hasTried, setTried] = useState(false);
  const errors = hasTried ? checkValues(values) : {};
  const isChanged = ['name', ...FIELDS.map(({ path }) => path)].some((path) => values[path] !== initial[path]);
  useKeptDraft(isChanged ? values : null);
  const save = async (): Promise<void> => {
    setTried(true);
    const body = AccountChange.safeParse(changeOf(values));
    if (!body.success) return;
    const changed = await act((api) => api.read('PATCH', '/api/portal/account', AccountView, { body: body.data }));
    if (changed === null) return;
    setInitial(fieldsOf(changed));
    setValues(fieldsOf(changed));
    setTried(false);
    announce(words.saved);
    reloadMe();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <UnsavedGuard when={isChanged && !isBusy} />
      <Form
        header={<Header variant="h1">{words.title}</Header>}
        actions={
          mayChange ? (
            <Button variant="primary" loading={isBusy}>
              {words.save}
            </Button>
          ) : undefined
        }
      >
        <SpaceBetween size="l">
          {failure !== null && <Failure failure={failure} />}
          <Container header={<Header variant="h2">{words.account}</Header>}>
            <FormField
              label={words.name}
              description={words.nameHelp}
              errorText={errors['name'] === undefined ? undefined : words.nameWrong}
            >
              <Input
                value={String(values['name'])}
                readOnly={!mayChange}
                onChange={({ detail }) => setValues({ ...values, name: detail.value })}
              />
            </FormField>
          </Container>
          <Container
            header={
              <Header variant="h2" description={words.defaultsHelp}>
                {words.defaults}
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
                  onChange={(value) => setValues({ ...values, [entry.path]: value })}
                />
              ))}
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
};

/** What e-mail comes from. It is the deployment's, so that it is shown here and set there. */
const MailSender = ({ sender }: { sender: string | null }) => {
  const { mail } = words;
  return (
    <Container
      header={
        <Header variant="h2" description={mail.description}>
          {mail.title}
        </Header>
      }
    >
      {sender === null ? (
        <Alert type="warning" header={mail.noneTitle}>
          {mail.none}
        </Alert>
      ) : (
        <>
          <Box variant="awsui-key-label">{mail.from}</Box>
          <div className="wording">{sender}</div>
          <Box variant="p" color="text-body-secondary">
            {mail.check}
          </Box>
        </>
      )}
    </Container>
  );
};

/** The account's name, and what new integrations start with. */
export const Component = () => {
  usePageTitle(words.title);
  const answer = useAnswer('account', (api, signal) => api.read('GET', '/api/portal/account', AccountView, { signal }));
  return (
    <Loaded answer={answer}>
      {(account) => (
        <SpaceBetween size="l">
          <Settings account={account} />
          <MailSender sender={account.emailSender} />
        </SpaceBetween>
      )}
    </Loaded>
  );
};
