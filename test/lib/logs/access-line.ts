import { z } from 'zod';

/**
 * The line that API Gateway writes for a request: each variable of the format is replaced by its text, as it is, and by `-` where the
 * request has none. `$context.error.messageString` is the message between quotes of its own. Source: API Gateway developer guide,
 * "Customize HTTP API access logs".
 * @param context values by variable, without `$context.`
 */
export const accessLine = (format: string, context: Readonly<Record<string, string>>): string =>
  format.replaceAll(/\$context\.([A-Za-z0-9.]+)/g, (_, name: string) => {
    if (name !== 'error.messageString') return context[name] ?? '-';
    const message = context['error.message'];
    return message === undefined ? '-' : `"${message}"`;
  });

const ANSWERED = {
  requestId: 'JKJaXmPLvHcESHA=',
  routeKey: 'GET /api/session',
  responseLatency: '41',
  integrationLatency: '38',
};

/** Requests as the gateway sees them. */
export const REQUESTS = {
  answered: { ...ANSWERED, status: '200' },
  /** A function's own 429. */
  limited: { ...ANSWERED, status: '429' },
  throttled: {
    requestId: 'JKJaXmPLvHcESHB=',
    routeKey: 'POST /api/verify/liveness',
    status: '429',
    responseLatency: '1',
    'error.message': 'Too Many Requests',
    'error.responseType': 'THROTTLED',
  },
  unauthorized: {
    requestId: 'JKJaXmPLvHcESHC=',
    routeKey: 'GET /api/portal/users',
    status: '401',
    responseLatency: '2',
    'error.message': 'Unauthorized',
    'error.responseType': 'UNAUTHORIZED',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type Fields = Readonly<Record<string, unknown>>;

/** @throws if the line is no JSON object: neither a metric filter nor a query finds fields in it then */
export const fieldsOf = (line: string): Fields => z.record(z.string(), z.unknown()).parse(JSON.parse(line));
