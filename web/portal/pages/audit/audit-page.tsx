import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type AuditEntry, currentAct } from '../../../../contract/api/portal/operator.ts';
import { AUDIT_ROUTES } from '../../../../contract/api/routes/portal-audit.ts';
import { useQuery } from '../../api/use-query.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ExportButtons, type ExportSource } from '../../components/export-buttons.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Empty, Pager } from '../../components/pager.tsx';
import { SpanChoice, timesOf } from '../../components/span-choice.tsx';
import { Time } from '../../components/time.tsx';
import { TypedFilter } from '../../components/typed-filter.tsx';
import { type Address, useAddress } from '../../components/use-address.ts';
import { useTypedFilters } from '../../components/use-typed-filters.ts';
import { audit as texts } from '../../text/en/audit.ts';
import { logins as loginsTexts } from '../../text/en/logins.ts';
import { userPath } from '../users/user-state.tsx';

const ROWS = 25;
const EXPORT_ROWS = 1000;

/** Outcome of an audit event, and why it was refused. */
const outcomeText = ({ outcome, problem }: AuditEntry): string => {
  const ended = texts.outcomes[outcome ?? 'unknown'];
  return problem === null ? ended : texts.because(ended, problem);
};

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: 'time', header: texts.columns.time, cell: ({ at }) => <Time at={at} /> },
  { id: 'who', header: texts.columns.who, breaks: true, cell: ({ email, operatorId }) => email ?? operatorId },
  {
    id: 'act',
    header: texts.columns.act,
    cell: (entry) => (
      <>
        {texts.acts[entry.act] ?? entry.act}
        <Box color="text-body-secondary" fontSize="body-s">
          {outcomeText(entry)}
        </Box>
      </>
    ),
    isRowHeader: true,
  },
  {
    id: 'person',
    header: texts.columns.person,
    breaks: true,
    cell: ({ integrationId, externalId }) =>
      integrationId === null || externalId === null ? (
        '–'
      ) : (
        <PageLink to={userPath(integrationId, externalId)}>{externalId}</PageLink>
      ),
  },
  { id: 'detail', header: texts.columns.detail, cell: ({ detail }) => detail ?? '–' },
  {
    id: 'integration',
    header: texts.columns.integration,
    breaks: true,
    cell: ({ integrationId }) => integrationId ?? '–',
  },
];

const ACTS = [
  { value: '', label: loginsTexts.filters.any },
  ...Object.entries(texts.acts).map(([value, label]) => ({ value, label })),
];

const filterOf = (address: Address) => ({
  ...timesOf(address),
  act: address.of('act'),
  email: address.of('email'),
  externalId: address.of('externalId'),
});

const TYPED = ['email', 'externalId'] as const;

const Filters = () => {
  const address = useAddress();
  const typed = useTypedFilters(TYPED);
  return (
    <div className="filters">
      <SpanChoice />
      <FormField label={texts.filters.act}>
        <Select
          options={ACTS}
          selectedOption={ACTS.find(({ value }) => value === currentAct(address.of('act'))) ?? null}
          onChange={({ detail }) => address.set({ act: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <TypedFilter filters={typed} name="email" label={texts.filters.email} />
      <TypedFilter filters={typed} name="externalId" label={texts.filters.person} />
    </div>
  );
};

const exportOf = (filter: ReturnType<typeof filterOf>): ExportSource => ({
  fileName: 'audit-log',
  read: async (api, cursor, signal) => {
    const query = { ...filter, cursor, limit: EXPORT_ROWS };
    const page = await api.call(AUDIT_ROUTES.portalAudit, { query, signal });
    const rows = page.entries.map(({ at, ...rest }) => ({ at: new Date(at * 1000).toISOString(), ...rest }));
    return { rows, cursor: page.cursor };
  },
});

/** Audit events: who did what, and when. */
export const Component = () => {
  const address = useAddress();
  const filter = filterOf(address);
  const result = useQuery(`audit ${address.key}`, (api, signal) =>
    api.call(AUDIT_ROUTES.portalAudit, { query: { ...filter, cursor: address.of('cursor'), limit: ROWS }, signal }),
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={texts.description} actions={<ExportButtons source={exportOf(filter)} />}>
        {texts.title}
      </Header>
      <Filters />
      <Loaded result={result}>
        {({ entries, cursor }) => (
          <DataTable
            label={texts.title}
            items={entries}
            columns={COLUMNS}
            keyOf={({ entryId }) => entryId}
            empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
            footer={<Pager cursor={cursor} isShort={entries.length < ROWS} />}
          />
        )}
      </Loaded>
    </SpaceBetween>
  );
};
