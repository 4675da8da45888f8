import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { StatisticsView } from '../../../../contract/api/portal/transactions.ts';
import { COUNTS_AS_FAILURE, isSuccess, OUTCOMES, type Outcome } from '../../../../contract/protocol/outcomes.ts';
import { logins as loginsWords } from '../../text/en/logins.ts';
import { en } from '../../text/en.ts';

const words = loginsWords.charts;
const HEIGHT = 240;

type Bucket = StatisticsView['buckets'][number];

const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const hour = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', minute: '2-digit' });
const dayAndHour = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

const sumOf = ({ outcomes }: Bucket, isCounted: (outcome: Outcome) => boolean): number =>
  OUTCOMES.filter(isCounted).reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);

const isFailure = (outcome: Outcome): boolean => COUNTS_AS_FAILURE.includes(outcome);

const KINDS = [
  { title: words.succeeded, isCounted: isSuccess, color: '#2ea597' },
  { title: words.failed, isCounted: isFailure, color: '#e07941' },
  { title: words.other, isCounted: (outcome: Outcome) => !isSuccess(outcome) && !isFailure(outcome), color: '#8c8c94' },
] as const;

/** Common properties of the charts of a time range. */
const commonOf = ({ per, buckets }: StatisticsView) => {
  const tick = (at: Date): string => (per === 'day' ? day : hour).format(at);
  return {
    height: HEIGHT,
    xScaleType: 'time' as const,
    xTitle: words.timeAxis[per],
    xDomain: [buckets[0]?.start ?? 0, buckets.at(-1)?.start ?? 0].map((at) => new Date(at * 1000)) as [Date, Date],
    hideFilter: true,
    i18nStrings: {
      xTickFormatter: tick,
      detailPopoverDismissAriaLabel: en.top.dismiss,
      legendAriaLabel: words.legend,
      chartAriaRoleDescription: 'chart',
    },
    empty: <Box textAlign="center">{words.none}</Box>,
  };
};

const Panel = ({ title, children }: { title: string; children: ReactNode }) => (
  <Container header={<Header variant="h2">{title}</Header>}>{children}</Container>
);

const LoginsChart = ({ statistics }: { statistics: StatisticsView }) => {
  const { per, buckets } = statistics;
  const name = (at: number): string => (per === 'day' ? day : dayAndHour).format(new Date(at * 1000));
  const { xDomain: _domain, xScaleType: _scale, ...common } = commonOf(statistics);
  return (
    <BarChart
      {...common}
      ariaLabel={words.logins}
      stackedBars
      xScaleType="categorical"
      xDomain={buckets.map(({ start }) => name(start))}
      yTitle={words.countAxis}
      i18nStrings={{ ...common.i18nStrings, xTickFormatter: (value: string) => value }}
      series={KINDS.map(({ title, isCounted, color }) => ({
        type: 'bar',
        title,
        color,
        data: buckets.map((bucket) => ({ x: name(bucket.start), y: sumOf(bucket, isCounted) })),
      }))}
    />
  );
};

const ReasonsChart = ({ statistics: { total } }: { statistics: StatisticsView }) => {
  const reasons = OUTCOMES.filter((outcome) => !isSuccess(outcome) && (total.outcomes[outcome] ?? 0) > 0).sort(
    (a, b) => (total.outcomes[b] ?? 0) - (total.outcomes[a] ?? 0),
  );
  return (
    <BarChart
      ariaLabel={words.reasons}
      height={HEIGHT}
      horizontalBars
      hideFilter
      hideLegend
      xScaleType="categorical"
      xDomain={reasons.map((reason) => loginsWords.outcomes[reason])}
      xTitle=""
      yTitle={words.countAxis}
      i18nStrings={{ chartAriaRoleDescription: 'chart', detailPopoverDismissAriaLabel: en.top.dismiss }}
      empty={<Box textAlign="center">{words.none}</Box>}
      series={[
        {
          type: 'bar',
          title: words.countAxis,
          color: '#e07941',
          data: reasons.map((reason) => ({ x: loginsWords.outcomes[reason], y: total.outcomes[reason] ?? 0 })),
        },
      ]}
    />
  );
};

const lineOf = (buckets: readonly Bucket[], value: (bucket: Bucket) => number | null) =>
  buckets.flatMap((bucket) => {
    const y = value(bucket);
    return y === null ? [] : [{ x: new Date(bucket.start * 1000), y }];
  });

/** Statistics over time; loaded after the page. */
export const Charts = ({ statistics }: { statistics: StatisticsView }) => {
  const common = commonOf(statistics);
  const { buckets } = statistics;
  return (
    <SpaceBetween size="l">
      <Panel title={words.logins}>
        <LoginsChart statistics={statistics} />
      </Panel>
      <div className="chart-pair">
        <Panel title={words.reasons}>
          <ReasonsChart statistics={statistics} />
        </Panel>
        <Panel title={words.enrollments}>
          <LineChart
            {...common}
            ariaLabel={words.enrollments}
            hideLegend
            yTitle={words.enrollments}
            series={[
              {
                type: 'line',
                title: words.enrollments,
                data: lineOf(buckets, ({ outcomes }) => outcomes.enrolled ?? 0),
              },
            ]}
          />
        </Panel>
      </div>
      <Panel title={words.median}>
        <LineChart
          {...common}
          ariaLabel={words.median}
          hideLegend
          yTitle={words.secondsAxis}
          series={[
            { type: 'line', title: words.secondsAxis, data: lineOf(buckets, ({ medianSeconds }) => medianSeconds) },
          ]}
        />
      </Panel>
    </SpaceBetween>
  );
};
