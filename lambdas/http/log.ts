import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Log } from '../core/model/ports.ts';

type Fields = Parameters<Log>[1];

/** What is counted, in addition to the line in the log: few names, and no dimension that could identify a user, a login or an account. */
interface Count {
  readonly name: string;
  readonly dimension?: readonly [name: string, value: string];
  /** A measured value; without one, the line itself counts as one. */
  readonly measured?: readonly [value: number, unit: typeof MetricUnit.Milliseconds | typeof MetricUnit.Seconds];
}

const countOf = (code: string, fields: Fields): Count | null => {
  switch (code) {
    case 'session-opened':
      return { name: 'SessionsOpened' };
    case 'liveness-start':
      return fields['state'] === 'started' ? { name: 'LivenessStarts' } : null;
    case 'result-handed-over':
      return { name: 'Outcomes', dimension: ['outcome', String(fields['outcome'])] };
    case 'request':
      return {
        name: 'RequestMs',
        dimension: ['route', String(fields['route'])],
        measured: [Number(fields['durationMs']), MetricUnit.Milliseconds],
      };
    case 'jobs-due':
      return { name: 'OldestJobSeconds', measured: [Number(fields['oldestSeconds']), MetricUnit.Seconds] };
    case 'unavailable':
    case 'internal-error':
    case 'mail-not-sent':
    case 'bad-link':
    case 'not-through-front-door':
    case 'due-work-failed':
    case 'due-work-given-up':
    case 'due-work-unreadable':
      return { name: 'Problems', dimension: ['code', code] };
    default:
      return null;
  }
};

/**
 * Structured logs of one Lambda: a code and a support id per line. Events, bodies, tokens, faces and scores cannot get in. What is
 * counted for operations is written as CloudWatch metrics to the same stream (embedded metric format).
 */
export const createLog = (serviceName: string): Log => {
  const logger = new Logger({ serviceName });
  // The namespace is the stage's: Powertools takes it from POWERTOOLS_METRICS_NAMESPACE.
  const metrics = new Metrics({ serviceName });
  return (code, fields) => {
    logger.info(code, { ...fields });
    const count = countOf(code, fields);
    if (count === null) return;
    const single = metrics.singleMetric();
    if (count.dimension !== undefined) single.addDimension(...count.dimension);
    const [value, unit] = count.measured ?? [1, MetricUnit.Count];
    single.addMetric(count.name, unit, value);
  };
};
