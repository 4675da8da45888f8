import { type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { isSuccess, type Outcome } from '../../../contract/protocol/outcomes.ts';
import type { EndedSession } from './session.ts';

const HOUR_SECONDS = 3600;

/** Upper ends in seconds of the classes in which durations are counted; finer where most logins are. */
const DURATION_ENDS = [
  ...Array.from({ length: 30 }, (_, index) => (index + 1) * 2),
  70,
  80,
  90,
  120,
  180,
  300,
  600,
  1800,
] as const;

/** Counts of ended logins by name; those of many logins are the sums of each. */
export type LoginCounts = Readonly<Record<string, number>>;

export const outcomeCount = (outcome: Outcome): string => `outcome_${outcome}`;
const durationCount = (endSeconds: number): string => `seconds_${endSeconds}`;

/** The full hour that a time falls in. */
export const hourOf = (at: EpochSeconds): EpochSeconds => epochSeconds(at - (at % HOUR_SECONDS));

const durationClass = (seconds: number): number =>
  DURATION_ENDS.find((end) => seconds <= end) ?? DURATION_ENDS[DURATION_ENDS.length - 1] ?? 0;

/** What one ended login adds. The duration is counted for successes alone: a refusal at the opening takes no time. */
export const countsOf = (
  session: Pick<EndedSession, 'outcome' | 'openedAt' | 'finishedAt' | 'attempt'>,
): LoginCounts => {
  const { outcome, openedAt, finishedAt, attempt } = session;
  return {
    logins: 1,
    [outcomeCount(outcome)]: 1,
    ...(attempt === null ? {} : { tries: attempt.number }),
    ...(isSuccess(outcome) ? { [durationCount(durationClass(finishedAt - openedAt))]: 1 } : {}),
  };
};

export const sumOfCounts = (all: readonly LoginCounts[]): LoginCounts => {
  const sums: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
};

/** Median seconds from opening to success, exact to the width of a class; null if nobody succeeded. */
export const medianSeconds = (counts: LoginCounts): number | null => {
  const classes = DURATION_ENDS.map((end, index) => ({
    begin: DURATION_ENDS[index - 1] ?? 0,
    end,
    count: counts[durationCount(end)] ?? 0,
  }));
  const half = classes.reduce((sum, { count }) => sum + count, 0) / 2;
  let below = 0;
  for (const { begin, end, count } of classes) {
    if (count > 0 && below + count >= half) return Math.round(begin + ((half - below) / count) * (end - begin));
    below += count;
  }
  return null;
};
