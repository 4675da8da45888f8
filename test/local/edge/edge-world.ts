import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { LambdaName } from '../../../contract/api/routes.ts';
import type { HttpAnswer, HttpHandler } from '../../../lambdas/http/endpoint.ts';
import type { DistributionRules } from '../../../lib/distribution-rules.ts';
import { startEdge } from '../../../local/edge/start-edge.ts';
import { temporaryFolder } from '../../support/local-aws.ts';
import { type RawAnswer, rawExchange } from '../../support/raw-exchange.ts';

export const HOST = 'verified.localhost';
const SECRET = 's'.repeat(48);

const NAMES = [
  'session',
  'enroll',
  'verify',
  'accounts',
  'integrations',
  'users',
  'transactions',
  'automation',
  'backend',
];

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The local edge in front of functions that report what they were asked, and two pages of a few files. */
export const createEdgeWorld = async (
  options: {
    readonly rules?: DistributionRules;
    readonly answer?: (event: APIGatewayProxyEventV2) => HttpAnswer | Promise<HttpAnswer>;
    readonly headersTimeoutMs?: number;
  } = {},
) => {
  const { folder, remove } = await temporaryFolder();
  for (const page of ['capture', 'portal']) {
    await mkdir(join(folder, page, 'assets'), { recursive: true });
    await writeFile(join(folder, page, 'index.html'), `<html><head></head>${page}</html>`);
    await writeFile(join(folder, page, 'assets/a.js'), page);
  }
  let nowMs = 1_900_000_000_000;
  const events: APIGatewayProxyEventV2[] = [];
  const handler: HttpHandler = async (event) => {
    events.push(event);
    return (await options.answer?.(event)) ?? { statusCode: 200, body: event.routeKey };
  };
  const lambdas = Object.fromEntries(NAMES.map((name) => [name, handler])) as Record<LambdaName, HttpHandler>;
  const edge = await startEdge({
    port: 0,
    frontDoorSecret: SECRET,
    lambdas: () => lambdas,
    capturePages: join(folder, 'capture'),
    captureHeaders: () => ({ 'x-page': 'capture', 'cache-control': 'no-cache' }),
    portal: {
      pages: join(folder, 'portal'),
      headers: () => ({ 'x-page': 'portal', 'cache-control': 'no-cache' }),
      config: { issuer: 'http://tenant.localhost/', clientId: 'portal', scope: 'openid' },
    },
    names: () => ({ origins: [] }),
    localFiles: new Map(),
    clockMs: () => nowMs,
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    ...(options.headersTimeoutMs === undefined ? {} : { headersTimeoutMs: options.headersTimeoutMs }),
  });
  return {
    url: edge.url,
    /** The events that the functions received, oldest first. */
    events,
    advance: (ms: number) => {
      nowMs += ms;
    },
    ask: (method: string, target: string, { headers = {}, body = '' }: Sent = {}): Promise<RawAnswer> => {
      const all = {
        host: HOST,
        ...(body === '' ? {} : { 'content-length': `${body.length}` }),
        ...headers,
      };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
      return rawExchange(edge.url, [`${method} ${target} HTTP/1.1`, ...lines], body);
    },
    close: async () => {
      await edge.close();
      await remove();
    },
  };
};

export type EdgeWorld = Awaited<ReturnType<typeof createEdgeWorld>>;
