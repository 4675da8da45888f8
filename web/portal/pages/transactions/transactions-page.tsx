import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { TransactionView } from '../../../../contract/api/portal/transactions.ts';
import { TRANSACTION_ROUTES } from '../../../../contract/api/routes/portal-transactions.ts';
import { OUTCOMES } from '../../../../contract/protocol/outcomes.ts';
import { useQuery } from '../../api/use-query.ts';
import { ExportButtons, type ExportSource } from '../../components/export-buttons.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Pager } from '../../components/pager.tsx';
import { SpanChoice, timesOf } from '../../components/span-choice.tsx';
import { TypedFilter } from '../../components/typed-filter.tsx';
import { type Address, useAddress } from '../../components/use-address.ts';
import { useTypedFilters } from '../../components/use-typed-filters.ts';
import { WithIntegration } from '../../components/with-integration.tsx';
import { logins as texts } from '../../text/en/logins.ts';
import { LoginTable } from './login-table.tsx';

const ROWS = 25;
const EXPORT_ROWS = 1000;

const optionsOf = <Value extends string>(values: readonly Value[], labels: Readonly<Record<Value, string>>) => [
  { value: '', label: texts.filters.any },
  ...values.map((value) => ({ value: value as string, label: labels[value] })),
];
const OPTIONS = {
  outcome: optionsOf(OUTCOMES, texts.outcomes),
  mode: optionsOf(TransactionView.shape.mode.options, texts.modes),
} as const;

const TYPED = ['externalId', 'app', 'supportId'] as const;
const TYPED_LABELS = {
  externalId: texts.filters.person,
  app: texts.filters.app,
  supportId: texts.filters.support,
} as const;

const filterOf = (address: Address) => ({
  ...timesOf(address),
  ...Object.fromEntries((['outcome', 'mode', ...TYPED] as const).map((name) => [name, address.of(name)] as const)),
});

const TypedFields = () => {
  const typed = useTypedFilters(TYPED);
  return (
    <>
      {TYPED.map((name) => (
        <TypedFilter key={name} filters={typed} name={name} label={TYPED_LABELS[name]} />
      ))}
      <FormField label={<span className="no-label">{texts.filters.clear}</span>}>
        <Button onClick={() => typed.clear({ outcome: '', mode: '' })}>{texts.filters.clear}</Button>
      </FormField>
    </>
  );
};

const Filters = ({ choice }: { choice: ReactNode }) => {
  const address = useAddress();
  return (
    <div className="filters">
      {choice}
      <SpanChoice />
      {(['outcome', 'mode'] as const).map((name) => (
        <FormField key={name} label={texts.filters[name]}>
          <Select
            options={OPTIONS[name]}
            selectedOption={OPTIONS[name].find(({ value }) => value === address.of(name)) ?? null}
            onChange={({ detail }) => address.set({ [name]: detail.selectedOption.value ?? '' })}
          />
        </FormField>
      ))}
      <TypedFields />
    </div>
  );
};

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

const exportOf = (integrationId: string, filter: ReturnType<typeof filterOf>): ExportSource => ({
  fileName: 'transactions',
  read: async (api, cursor, signal) => {
    const query = { ...filter, cursor, limit: EXPORT_ROWS };
    const page = await api.call(TRANSACTION_ROUTES.portalTransactions, { path: { integrationId }, query, signal });
    const rows = page.transactions.map(
      ({ verdicts: _verdicts, transactionId: _id, openedAt, finishedAt, ...rest }) => ({
        openedAt: isoOf(openedAt),
        finishedAt: isoOf(finishedAt),
        ...rest,
      }),
    );
    return { rows, cursor: page.cursor };
  },
});

const Transactions = ({ integrationId, choice }: { integrationId: string; choice: ReactNode }) => {
  const address = useAddress();
  const filter = filterOf(address);
  const result = useQuery(`transactions ${integrationId} ${address.key}`, (api, signal) =>
    api.call(TRANSACTION_ROUTES.portalTransactions, {
      path: { integrationId },
      query: { ...filter, cursor: address.of('cursor'), limit: ROWS },
      signal,
    }),
  );
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={texts.description}
        actions={<ExportButtons source={exportOf(integrationId, filter)} />}
      >
        {texts.title}
      </Header>
      <Filters choice={choice} />
      <Loaded result={result}>
        {({ transactions, cursor }) => (
          <LoginTable
            logins={transactions}
            integrationId={integrationId}
            label={texts.title}
            footer={<Pager cursor={cursor} isShort={transactions.length < ROWS} />}
          />
        )}
      </Loaded>
    </SpaceBetween>
  );
};

/** Ended logins of an integration. */
export const Component = () => (
  <WithIntegration>{(id, choice) => <Transactions integrationId={id} choice={choice} />}</WithIntegration>
);
