import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { StatisticsView } from '../../../../contract/api/portal/transactions.ts';
import { COUNTS_AS_FAILURE, isSuccess, OUTCOMES, type Outcome } from '../../../../contract/protocol/outcomes.ts';
import { logins as loginsTexts } from '../../text/en/logins.ts';
import { en } from '../../text/en.ts';

const texts = loginsTexts.charts;
const HEIGHT = 240;

type Bucket = StatisticsView['buckets'][number];

const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const hour = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', minute: '2-digit' });
const dayAndHour = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

const sumOf = ({ outcomes }: Bucket, isCounted: (outcome: Outcome) => boolean): number =>
  OUTCOMES.filter(isCounted).reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);

const isFailure = (outcome: Outcome): boolean => COUNTS_AS_FAILURE.includes(outcome);

const KINDS = [
  { title: texts.succeeded, isCounted: isSuccess, color: '#2ea597' },
  { title: texts.failed, isCounted: isFailure, color: '#e07941' },
  { title: texts.other, isCounted: (outcome: Outcome) => !isSuccess(outcome) && !isFailure(outcome), color: '#8c8c94' },
] as const;

/** Common properties of the charts of a time range. */
const commonOf = ({ per, buckets }: StatisticsView) => {
  const tick = (at: Date): string => (per === 'day' ? day : hour).format(at);
  return {
    height: HEIGHT,
    xScaleType: 'time' as const,
    xTitle: texts.timeAxis[per],
    xDomain: [buckets[0]?.start ?? 0, buckets.at(-1)?.start ?? 0].map((at) => new Date(at * 1000)) as [Date, Date],
    hideFilter: true,
    i18nStrings: {
      xTickFormatter: tick,
      detailPopoverDismissAriaLabel: en.top.dismiss,
      legendAriaLabel: texts.legend,
      chartAriaRoleDescription: 'chart',
    },
    empty: <Box textAlign="center">{texts.none}</Box>,
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
      ariaLabel={texts.logins}
      stackedBars
      xScaleType="categorical"
      xDomain={buckets.map(({ start }) => name(start))}
      yTitle={texts.countAxis}
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
      ariaLabel={texts.reasons}
      height={HEIGHT}
      horizontalBars
      hideFilter
      hideLegend
      xScaleType="categorical"
      xDomain={reasons.map((reason) => loginsTexts.outcomes[reason])}
      xTitle=""
      yTitle={texts.countAxis}
      i18nStrings={{ chartAriaRoleDescription: 'chart', detailPopoverDismissAriaLabel: en.top.dismiss }}
      empty={<Box textAlign="center">{texts.none}</Box>}
      series={[
        {
          type: 'bar',
          title: texts.countAxis,
          color: '#e07941',
          data: reasons.map((reason) => ({ x: loginsTexts.outcomes[reason], y: total.outcomes[reason] ?? 0 })),
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
      <Panel title={texts.logins}>
        <LoginsChart statistics={statistics} />
      </Panel>
      <div className="chart-pair">
        <Panel title={texts.reasons}>
          <ReasonsChart statistics={statistics} />
        </Panel>
        <Panel title={texts.enrollments}>
          <LineChart
            {...common}
            ariaLabel={texts.enrollments}
            hideLegend
            yTitle={texts.enrollments}
            series={[
              {
                type: 'line',
                title: texts.enrollments,
                data: lineOf(buckets, ({ outcomes }) => outcomes.enrolled ?? 0),
              },
            ]}
          />
        </Panel>
      </div>
      <Panel title={texts.median}>
        <LineChart
          {...common}
          ariaLabel={texts.median}
          hideLegend
          yTitle={texts.secondsAxis}
          series={[
            { type: 'line', title: texts.secondsAxis, data: lineOf(buckets, ({ medianSeconds }) => medianSeconds) },
          ]}
        />
      </Panel>
    </SpaceBetween>
  );
};
