import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, type ReactNode, Suspense } from 'react';
import type { StatisticsView } from '../../../../contract/api/portal/transactions.ts';
import { TRANSACTION_ROUTES } from '../../../../contract/api/routes/portal-transactions.ts';
import { useQuery } from '../../api/use-query.ts';
import { Loaded, Loading } from '../../components/page-states.tsx';
import { isByHour, SpanChoice, timesOf } from '../../components/span-choice.tsx';
import { useAddress } from '../../components/use-address.ts';
import { WithIntegration } from '../../components/with-integration.tsx';
import { logins as texts } from '../../text/en/logins.ts';

// Charts weigh more than the rest of the page, so the figures do not wait for them.
const Charts = lazy(() => import('./charts.tsx').then(({ Charts }) => ({ default: Charts })));

const Figure = ({ label, value }: { label: string; value: string }) => (
  <div>
    <Box variant="awsui-key-label">{label}</Box>
    <Box variant="awsui-value-large">{value}</Box>
  </div>
);

const Figures = ({ total: { logins, outcomes, medianSeconds } }: { total: StatisticsView['total'] }) => {
  const labels = texts.figures;
  const successes = (outcomes.verified ?? 0) + (outcomes.enrolled ?? 0);
  return (
    <Container>
      <ColumnLayout columns={4} variant="text-grid">
        <Figure label={labels.logins} value={logins.toLocaleString('en')} />
        <Figure label={labels.success} value={logins === 0 ? labels.none : labels.percent(successes / logins)} />
        <Figure
          label={labels.median}
          value={medianSeconds === null ? labels.none : texts.detail.seconds(medianSeconds)}
        />
        <Figure label={labels.enrolled} value={(outcomes.enrolled ?? 0).toLocaleString('en')} />
      </ColumnLayout>
    </Container>
  );
};

const Overview = ({ integrationId, choice }: { integrationId: string; choice: ReactNode }) => {
  const address = useAddress();
  const result = useQuery(`statistics ${integrationId} ${address.key}`, (api, signal) =>
    api.call(TRANSACTION_ROUTES.portalStatistics, {
      path: { integrationId },
      query: { ...timesOf(address), per: isByHour(address) ? 'hour' : 'day' },
      signal,
    }),
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={texts.overviewDescription}>
        {texts.overview}
      </Header>
      <div className="filters">
        {choice}
        <SpanChoice hasOwn={false} />
      </div>
      <Loaded result={result}>
        {(statistics) => (
          <SpaceBetween size="l">
            <Figures total={statistics.total} />
            <Suspense fallback={<Loading />}>
              <Charts statistics={statistics} />
            </Suspense>
          </SpaceBetween>
        )}
      </Loaded>
    </SpaceBetween>
  );
};

/** The logins of an integration at a glance. */
export const Component = () => (
  <WithIntegration>{(id, choice) => <Overview integrationId={id} choice={choice} />}</WithIntegration>
);
