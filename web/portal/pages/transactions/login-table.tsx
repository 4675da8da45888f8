import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { TransactionView } from '../../../../contract/api/portal/transactions.ts';
import { COUNTS_AS_FAILURE, isSuccess, type Outcome } from '../../../../contract/protocol/outcomes.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Empty } from '../../components/pager.tsx';
import { Time } from '../../components/time.tsx';
import { logins as texts } from '../../text/en/logins.ts';
import { userPath } from '../users/user-state.tsx';

const typeOf = (outcome: Outcome): StatusIndicatorProps.Type => {
  if (isSuccess(outcome)) return 'success';
  if (COUNTS_AS_FAILURE.includes(outcome) || outcome === 'reported') return 'error';
  return outcome === 'declined' || outcome === 'expired' ? 'stopped' : 'warning';
};

export const OutcomeText = ({ outcome }: { outcome: Outcome }) => (
  <StatusIndicator type={typeOf(outcome)}>{texts.outcomes[outcome]}</StatusIndicator>
);

const columnsOf = (integrationId: string, isOfOne: boolean): readonly Column<TransactionView>[] => [
  { id: 'time', header: texts.columns.time, cell: ({ finishedAt }) => <Time at={finishedAt} /> },
  ...(isOfOne
    ? []
    : [
        {
          id: 'person',
          header: texts.columns.person,
          breaks: true,
          cell: ({ externalId }: TransactionView) => (
            <PageLink to={userPath(integrationId, externalId)}>{externalId}</PageLink>
          ),
        },
      ]),
  {
    id: 'outcome',
    header: texts.columns.outcome,
    whole: true,
    cell: ({ outcome }) => <OutcomeText outcome={outcome} />,
  },
  { id: 'mode', header: texts.columns.mode, cell: ({ mode }) => texts.modes[mode] },
  { id: 'app', header: texts.columns.app, cell: ({ app }) => app ?? '–' },
  { id: 'tries', header: texts.columns.tries, cell: ({ attempts }) => attempts },
  {
    id: 'support',
    header: texts.columns.support,
    cell: ({ supportId }) => (
      <span className="support-id">
        <PageLink to={`/support/${supportId}`}>{supportId}</PageLink>
      </span>
    ),
    isRowHeader: true,
  },
];

/** Ended logins; without the column of users for the logins of one user. */
export const LoginTable = (props: {
  logins: readonly TransactionView[];
  integrationId: string;
  label: string;
  isOfOne?: boolean;
  footer?: ReactNode;
}) => (
  <DataTable
    label={props.label}
    items={props.logins}
    columns={columnsOf(props.integrationId, props.isOfOne === true)}
    keyOf={({ transactionId }) => transactionId}
    empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
    footer={props.footer}
  />
);
