import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { distributionRules } from '../../lib/distribution-rules.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { distribution } from './distribution.ts';
import { type EdgeAnswer, gatewayMessage } from './edge-answer.ts';
import type { EdgeRules } from './edge-rules.ts';
import { type GatewayOptions, gateway } from './gateway.ts';
import { type PageOptions, pageFiles } from './page-files.ts';

/** Takes requests before the edge, for development only. */
export interface EdgeFront {
  /** Answers and returns true, or leaves the request to the edge. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface EdgeOptions extends GatewayOptions, Omit<PageOptions, 'captureScript'> {
  readonly port: number;
  /** Host in the printed address; browsers resolve `*.localhost` to this machine. */
  readonly hostname?: string;
  /** Development-only files under `/__local/`; `browser.js` is added to the capture page. */
  readonly localFiles: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }>;
  /** Default none. */
  readonly front?: EdgeFront | undefined;
  /** Default: what is deployed. */
  readonly rules?: EdgeRules;
  /** Time for a request's head to arrive. Default 10 s. */
  readonly headersTimeoutMs?: number;
}

const LOCAL_PREFIX = '/__local/';
/** Runs before the capture page's own scripts. */
export const CAPTURE_SCRIPT = `${LOCAL_PREFIX}browser.js`;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

const send = (response: ServerResponse, { status, headers, body }: EdgeAnswer): void => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  // Without writeHead, Node adds the length of the body.
  response.end(body);
};

const localFile = ({ localFiles }: EdgeOptions, path: string): EdgeAnswer => {
  const file = localFiles.get(path.slice(LOCAL_PREFIX.length));
  if (file === undefined) return gatewayMessage(404, 'Not Found');
  return { status: 200, headers: { 'content-type': file.type, 'cache-control': 'no-store' }, body: file.body };
};

/**
 * What CloudFront and API Gateway are in production, on one local port: the built pages, and every route of the table passed
 * to its Lambda handler as a payload 2.0 event. Where it differs from them, it is stricter.
 * @throws StartError if the port is taken
 */
export const startEdge = async (options: EdgeOptions): Promise<RunningPart> => {
  const { rules = distributionRules(), clockMs = Date.now, headersTimeoutMs = HEADERS_TIMEOUT_MS } = options;
  const api = gateway(options);
  const pages = pageFiles({ ...options, captureScript: CAPTURE_SCRIPT });
  const answer = distribution(rules, { api, pages }, clockMs);
  const answerTo = async (request: IncomingMessage): Promise<EdgeAnswer> => {
    const path = request.url?.split('?')[0] ?? '/';
    return path.startsWith(LOCAL_PREFIX) ? localFile(options, path) : answer(request);
  };
  const timeouts = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: headersTimeoutMs,
    // Node checks for late requests only at intervals, every 30 seconds by default.
    connectionsCheckingInterval: headersTimeoutMs / 10,
  };
  const { front } = options;
  const server = createServer(timeouts, (request, response) => {
    if (front?.take(request, response)) return;
    answerTo(request)
      .then((edgeAnswer) => send(response, edgeAnswer))
      .catch((error: unknown) => {
        // A client that hung up is not a failure, and nobody reads the answer.
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') console.error('local edge failed:', error);
        if (!response.headersSent) send(response, gatewayMessage(500, 'Internal Server Error'));
        else response.destroy();
      });
  });
  if (front !== undefined) server.on('upgrade', (request, socket, head) => front.upgrade(request, socket, head));
  const part = await listen(server, options.port, 'Verified');
  return { ...part, url: `http://${options.hostname ?? 'verified.localhost'}:${new URL(part.url).port}` };
};
