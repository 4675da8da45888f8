import { vi } from 'vitest';
import { OUTCOMES } from '../../../contract/protocol/outcomes.ts';
import { createLog } from '../../../lambdas/http/log.ts';
import { SERVICE_FUNCTIONS } from '../../../lib/service-functions.ts';
import { fieldsOf } from './access-line.ts';
import type { Line } from './insights.ts';

type Fields = Parameters<ReturnType<typeof createLog>>[1];

/** What the functions log, by code, with members as their sources have them; a test compares. */
export const LOGGED: Readonly<Record<string, readonly Fields[]>> = {
  request: [{ route: 'GET /api/session', status: 200, durationMs: 12 }],
  'session-opened': [{ supportId: 'ABCD-EFGH', task: 'verify', outcome: null }],
  'liveness-start': [{ supportId: 'ABCD-EFGH', task: 'verify', state: 'started' }],
  'result-handed-over': OUTCOMES.map((outcome) => ({ supportId: 'ABCD-EFGH', outcome })),
  'not-through-front-door': [{ route: 'GET /api/session' }],
  'bad-link': [{ supportId: 'ABCD-EFGH', reason: 'expired' }],
  'due-work-given-up': [{ kind: 'enrollment-notice' }],
  'due-work-failed': [{ kind: 'enrollment-notice', failures: 1 }],
  'due-work-unreadable': [{ count: 1 }],
  'jobs-due': [{ queue: 'events', oldestSeconds: 3 }],
  'webhook-attempt': [{ outcome: 'delivered', status: 200 }],
};

/** Logged under the code of the problem, by the one place that answers failures (lambdas/http/endpoint.ts). */
export const FAILURES: Readonly<Record<string, readonly Fields[]>> = Object.fromEntries(
  ['unavailable', 'internal-error', 'mail-not-sent'].map((code) => [
    code,
    [{ supportId: 'ABCD-EFGH', reason: 'unexpected', errorName: 'ThrottlingException' }],
  ]),
);

/** The log group that CDK lets CloudFormation name: `STACK-LOGICALID-RANDOM`. */
const groupOf = (name: string): string => `verified-prod-service-${name}Logs1A2B3C4D-aBcDeFgHiJkL`;

/** What the functions of a stage write to their logs. @param write logs as the functions do */
export const captureLines = (write: (log: ReturnType<typeof createLog>, service: string) => void): readonly Line[] => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Verified/prod');
  const lines: Line[] = [];
  for (const { name } of SERVICE_FUNCTIONS) {
    const spies = (['log', 'info'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((line) => {
        const text = String(line);
        lines.push({ group: groupOf(name), text, fields: fieldsOf(text) });
      }),
    );
    write(createLog(name), name);
    for (const spy of spies) spy.mockRestore();
  }
  vi.unstubAllEnvs();
  return lines;
};

export const functionLines = (): readonly Line[] =>
  captureLines((log) => {
    for (const [code, samples] of Object.entries({ ...LOGGED, ...FAILURES })) {
      for (const fields of samples) log(code, fields);
    }
  });

/**
 * What Lambda itself writes in the JSON format when a call times out, when the process dies, and when the code cannot be loaded.
 * Source: Lambda developer guide, "JSON system log format", and Telemetry API, `platform.report` and `platform.initReport`.
 */
export const PLATFORM_LINES: readonly Line[] = [
  { type: 'platform.report', record: { requestId: 'r', status: 'timeout', metrics: { durationMs: 15_000 } } },
  { type: 'platform.report', record: { requestId: 'r', status: 'error', errorType: 'Runtime.ExitError' } },
  { type: 'platform.initReport', record: { status: 'error', errorType: 'Runtime.ImportModuleError' } },
].map((event) => ({ group: groupOf('verify'), text: JSON.stringify({ time: 't', ...event }), fields: event }));
