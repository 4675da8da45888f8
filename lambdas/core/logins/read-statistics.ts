import type { StatisticsView } from '../../../contract/api/portal/transactions.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { OUTCOMES } from '../../../contract/protocol/outcomes.ts';
import type { Operator } from '../accounts/operator.ts';
import { ownIntegration, type PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import { type LoginCounts, medianSeconds, outcomeCount, sumOfCounts } from '../model/login-statistics.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';

export interface Statistics {
  /**
   * Counts of the hours that begin from `from` to `to`, without those that had no login or whose end is over at `now`; in no order.
   * @param from beginning of an hour, epoch seconds; also of the hour that contains the bounds of `epochSeconds`
   */
  hours(
    integrationId: string,
    from: number,
    to: EpochSeconds,
    now: EpochSeconds,
  ): Promise<readonly { readonly hour: EpochSeconds; readonly counts: LoginCounts }[]>;
}

export interface StatisticsPorts extends Pick<PortalIntegrationPorts, 'integrations'> {
  readonly statistics: Statistics;
  readonly clock: Clock;
}

export interface StatisticsQuery {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly per: 'hour' | 'day';
}

const SECONDS = { hour: 3600, day: 86_400 } as const;
/** The most that one request may ask for: at most some ten thousand small rows are read, however many logins there were. */
const MAX_BUCKETS = { hour: 8 * 24, day: 93 } as const;

const figuresOf = (counts: LoginCounts) => ({
  logins: counts['logins'] ?? 0,
  tries: counts['tries'] ?? 0,
  medianSeconds: medianSeconds(counts),
  outcomes: Object.fromEntries(
    OUTCOMES.flatMap((outcome) => {
      const count = counts[outcomeCount(outcome)] ?? 0;
      return count === 0 ? [] : [[outcome, count]];
    }),
  ),
});

/**
 * Statistics of ended logins, by hours or UTC days from the one that contains `from` to that of `to`. They are counted in the same
 * transaction that writes a login's record, so they are exact and cost the same to read for ten logins as for a million.
 * @throws Problem `not-found`; `invalid-request` for more than 192 hours or 93 days
 */
export const readStatistics =
  (ports: StatisticsPorts) =>
  async (operator: Operator, integrationId: string, { from, to, per }: StatisticsQuery): Promise<StatisticsView> => {
    await ownIntegration(ports, operator, integrationId);
    const width = SECONDS[per];
    const first = from - (from % width);
    const count = Math.floor((to - first) / width) + 1;
    // Before any bucket is created: the two times may be centuries apart.
    if (count > MAX_BUCKETS[per]) throw new Problem('invalid-request', 'too long a time for its buckets');
    const starts = Array.from({ length: count }, (_, index) => first + index * width);
    const hours = await ports.statistics.hours(integrationId, first, to, ports.clock());
    const byStart = new Map<number, LoginCounts[]>(starts.map((start) => [start, []]));
    for (const { hour, counts } of hours) byStart.get(hour - (hour % width))?.push(counts);
    return {
      per,
      buckets: [...byStart].map(([start, counts]) => ({ start, ...figuresOf(sumOfCounts(counts)) })),
      total: figuresOf(sumOfCounts(hours.map(({ counts }) => counts))),
    };
  };
