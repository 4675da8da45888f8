/** Durations in milliseconds of one operation repeated many times. */
export interface Sample {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The `part` quantile (0 to 1) of unsorted values, by nearest rank. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
};

export const sampleOf = (durationsMs: readonly number[]): Sample => ({
  count: durationsMs.length,
  p50Ms: quantile(durationsMs, 0.5),
  p99Ms: quantile(durationsMs, 0.99),
});

/** Runs `act` and returns how long it took, in milliseconds. */
export const timed = async <T>(act: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> => {
  const startedAt = performance.now();
  const value = await act();
  return { value, ms: performance.now() - startedAt };
};

export interface LoadResult extends Sample {
  readonly perSecond: number;
  readonly errors: number;
}

/** `workers` loops that call `act` repeatedly for `seconds`: a closed load. */
export const load = async (workers: number, seconds: number, act: () => Promise<void>): Promise<LoadResult> => {
  const durations: number[] = [];
  let errors = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      try {
        durations.push((await timed(act)).ms);
      } catch {
        errors += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { ...sampleOf(durations), errors, perSecond: durations.length / ((performance.now() - startedAt) / 1000) };
};
