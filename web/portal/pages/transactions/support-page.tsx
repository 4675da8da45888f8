import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import type { TransactionView } from '../../../../contract/api/portal/transactions.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { TRANSACTION_ROUTES } from '../../../../contract/api/routes/portal-transactions.ts';
import { useQuery } from '../../api/use-query.ts';
import { DataTable } from '../../components/data-table.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { logins as texts } from '../../text/en/logins.ts';
import { userPath } from '../users/user-state.tsx';
import { OutcomeText } from './login-table.tsx';

const own = texts.detail;
const SINCE_EVER = 1_600_000_000;

interface Found {
  readonly integrationId: string;
  readonly name: string;
  readonly login: TransactionView;
}

const Verdicts = ({ login }: { login: TransactionView }) => (
  <SpaceBetween size="xs">
    <Header variant="h3">{own.verdicts}</Header>
    <DataTable
      label={own.verdicts}
      items={login.verdicts}
      keyOf={({ attempt }) => attempt}
      empty={own.noVerdicts}
      columns={[
        { id: 'number', header: own.number, cell: ({ attempt }) => attempt, isRowHeader: true },
        { id: 'at', header: texts.columns.time, cell: ({ at }) => <Time at={at} /> },
        {
          id: 'outcome',
          header: texts.columns.outcome,
          whole: true,
          cell: ({ outcome }) => <OutcomeText outcome={outcome} />,
        },
        { id: 'live', header: own.live, cell: ({ livenessBand }) => own.band(livenessBand) },
        { id: 'similar', header: own.similar, cell: ({ similarityBand }) => own.band(similarityBand) },
      ]}
    />
    <Box variant="small">{own.bandHint}</Box>
  </SpaceBetween>
);

const Login = ({ found: { integrationId, name, login } }: { found: Found }) => (
  <Container header={<Header variant="h2">{name}</Header>}>
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={3}
        items={[
          { label: texts.columns.outcome, value: <OutcomeText outcome={login.outcome} /> },
          {
            label: texts.columns.person,
            value: <PageLink to={userPath(integrationId, login.externalId)}>{login.externalId}</PageLink>,
          },
          { label: texts.columns.app, value: login.app ?? '–' },
          { label: own.opened, value: <Time at={login.openedAt} /> },
          { label: texts.columns.time, value: <Time at={login.finishedAt} /> },
          { label: own.took, value: own.seconds(login.finishedAt - login.openedAt) },
          { label: own.task, value: texts.tasks[login.task] },
          { label: texts.columns.mode, value: texts.modes[login.mode] },
          { label: texts.columns.tries, value: login.attempts },
          { label: own.domain, value: login.domain },
          { label: own.network, value: login.otherNetwork ? own.otherNetwork : own.sameNetwork },
        ]}
      />
      <Verdicts login={login} />
    </SpaceBetween>
  </Container>
);

/** One login by its support id, from any integration. */
export const Component = () => {
  const supportId = (useParams()['supportId'] ?? '').toUpperCase();
  const result = useQuery(`support ${supportId}`, async (api, signal) => {
    const { integrations } = await api.call(INTEGRATION_ROUTES.portalIntegrations, { signal });
    const found = await Promise.all(
      integrations.map(async ({ integrationId, name }) => {
        const page = await api.call(TRANSACTION_ROUTES.portalTransactions, {
          path: { integrationId },
          query: { supportId, from: SINCE_EVER },
          signal,
        });
        return page.transactions.map((login): Found => ({ integrationId, name, login }));
      }),
    );
    return found.flat();
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{own.title(supportId)}</Header>
      <Loaded result={result}>
        {(found) =>
          found.length === 0 ? (
            <Box variant="p">{own.none}</Box>
          ) : (
            <SpaceBetween size="l">
              {found.map((each) => (
                <Login key={each.login.transactionId} found={each} />
              ))}
            </SpaceBetween>
          )
        }
      </Loaded>
    </SpaceBetween>
  );
};
