import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** Each stage has its own namespace, so that stages of one account and region do not count each other's logins. */
export const metricsNamespace = (stage: string): string => `Verified/${stage}`;

/** Requests that API Gateway throttled; it has no metric of its own for them. */
export const REFUSED_REQUESTS_METRIC = 'RefusedRequests';

export const FIVE_MINUTES = Duration.minutes(5);

export const sumOf = (
  metrics: Readonly<Record<string, IMetric>>,
  label: string,
  period: Duration = FIVE_MINUTES,
): IMetric =>
  new MathExpression({
    // No data means zero, not unknown.
    expression: Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics: { ...metrics },
    label,
    period,
  });

/** The stage's own metrics: its functions' embedded metrics, and the filter on the API's access log. */
export class StageMetrics {
  readonly #namespace: string;

  constructor(stage: string) {
    this.#namespace = metricsNamespace(stage);
  }

  /** A metric that one function writes. */
  of(
    service: string,
    metricName: string,
    dimensions: Readonly<Record<string, string>> = {},
    period: Duration = FIVE_MINUTES,
  ): Metric {
    return this.#make(metricName, { service, ...dimensions }, period);
  }

  /** Liveness starts, by which Rekognition bills. */
  livenessStarts(period: Duration): IMetric {
    const starts = (service: string) => this.of(service, 'LivenessStarts', {}, period);
    return sumOf({ enroll: starts('enroll'), verify: starts('verify') }, 'liveness starts', period);
  }

  refusedRequests(): Metric {
    return this.#make(REFUSED_REQUESTS_METRIC, {}, FIVE_MINUTES);
  }

  /** How long the job that waits longest has been due, in all queues. */
  oldestJobSeconds(): IMetric {
    return this.of('housekeeping', 'OldestJobSeconds').with({ statistic: Stats.MAXIMUM });
  }

  /** Logins that ended with one of these outcomes. */
  outcomes(...names: readonly string[]): IMetric {
    return sumOf(
      Object.fromEntries(names.map((outcome) => [outcome, this.of('session', 'Outcomes', { outcome })])),
      names.join(', '),
    );
  }

  #make(metricName: string, dimensionsMap: Record<string, string>, period: Duration): Metric {
    return new Metric({ namespace: this.#namespace, metricName, dimensionsMap, statistic: Stats.SUM, period });
  }
}
