import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../contract/api/front-door.ts';
import { PORTAL_PAGE_PATH, type PortalConfig } from '../../contract/api/portal/sign-in.ts';
import type { LambdaName } from '../../contract/api/routes.ts';
import { CAPTURE_PAGE_PATH } from '../../contract/api/routes.ts';
import type { HttpAnswer, HttpHandler } from '../../lambdas/http/endpoint.ts';
import { gatewayEvent, matchRoute } from './gateway-event.ts';
import type { JwtClaims } from './jwt-authorizer.ts';
import { type LocalNames, localize, localizeHeaders } from './local-names.ts';
import { readStaticFile } from './static-files.ts';

export interface EdgeOptions {
  readonly port: number;
  /** Host in the printed address; browsers resolve `*.localhost` to this machine. */
  readonly hostname?: string;
  /** Known to the Lambdas too; proves that a request came through here. */
  readonly frontDoorSecret: string;
  readonly lambdas: Readonly<Record<LambdaName, HttpHandler>>;
  /** Folder of the built capture page. */
  readonly capturePages: string;
  /** Headers of the pages, by path below the capture page; CloudFront's part in production. */
  readonly captureHeaders: (path: string) => Readonly<Record<string, string>>;
  /** The same of the portal, and its config.json. */
  readonly portal: {
    readonly pages: string;
    readonly headers: (path: string) => Readonly<Record<string, string>>;
    readonly config: PortalConfig;
  };
  readonly names: () => LocalNames;
  /** Development-only files under `/__local/`, e.g. the script that is added to the capture page. */
  readonly localFiles: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }>;
  /** Lets operators in; without it nobody is. */
  readonly authorize?: (authorization: string | undefined) => Promise<JwtClaims | null>;
  readonly clockMs?: () => number;
}

export interface RunningEdge {
  readonly url: string;
  close(): Promise<void>;
}

/** API Gateway's limit on a request (HTTP API quotas). */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const LOCAL_PREFIX = '/__local/';

const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const send = (response: ServerResponse, answer: HttpAnswer, names: LocalNames): void => {
  const headers = localizeHeaders(answer.headers ?? {}, names);
  const body = answer.isBase64Encoded === true ? Buffer.from(answer.body ?? '', 'base64') : (answer.body ?? '');
  const isPage = String(headers['content-type'] ?? '').startsWith('text/html');
  response.writeHead(answer.statusCode ?? 200, {
    ...headers,
    ...(answer.cookies === undefined || answer.cookies.length === 0 ? {} : { 'set-cookie': answer.cookies }),
  });
  response.end(isPage ? localize(body.toString(), names) : body);
};

const sendStatus = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
};

const callLambda = async (options: EdgeOptions, request: IncomingMessage, response: ServerResponse, url: URL) => {
  const match = matchRoute(request.method ?? '', url.pathname);
  if (match === null) return sendStatus(response, 404, 'Not Found');
  const body = await readBody(request);
  if (body === null) return sendStatus(response, 413, 'Request Too Long');
  const plain = gatewayEvent(request, url, match, body, (options.clockMs ?? Date.now)());
  // What the distribution adds, whatever the client sent under these names.
  const headers = {
    ...plain.headers,
    [FRONT_DOOR_SECRET_HEADER]: options.frontDoorSecret,
    [VIEWER_ADDRESS_HEADER]: plain.requestContext.http.sourceIp,
  };
  const isPortal = match.route.path.startsWith('/api/portal/');
  const claims = isPortal ? ((await options.authorize?.(request.headers.authorization)) ?? null) : null;
  if (isPortal && claims === null) return sendStatus(response, 401, 'Unauthorized');
  const authorizer = { jwt: { claims: claims ?? {}, scopes: [] }, principalId: '', integrationLatency: 0 };
  const requestContext = isPortal ? { ...plain.requestContext, authorizer } : plain.requestContext;
  const event = { ...plain, headers, requestContext };
  const handler = options.lambdas[match.route.lambda];
  send(response, await handler(event, { awsRequestId: event.requestContext.requestId }), options.names());
};

const sendPage = async (options: EdgeOptions, response: ServerResponse, path: string) => {
  const file = await readStaticFile(options.capturePages, path.slice(CAPTURE_PAGE_PATH.length) || 'index.html');
  if (file === null) return sendStatus(response, 404, 'Not Found');
  const names = options.names();
  const headers = { ...localizeHeaders(options.captureHeaders(path), names), 'content-type': file.type };
  // The only change to the built page: one development script in front of its own.
  const body = file.type.startsWith('text/html')
    ? file.body.toString().replace('<head>', `<head><script src="${LOCAL_PREFIX}browser.js"></script>`)
    : file.body;
  response.writeHead(200, headers).end(body);
};

/** A path of the portal that names no file is its one document, as behind CloudFront. */
const sendPortal = async ({ portal }: EdgeOptions, response: ServerResponse, path: string) => {
  const headers = portal.headers(path);
  const below = path.slice(PORTAL_PAGE_PATH.length);
  if (below === 'config.json') {
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(portal.config));
    return;
  }
  const isFile = below.split('/').at(-1)?.includes('.') === true;
  const file = await readStaticFile(portal.pages, isFile ? below : 'index.html');
  if (file === null) return sendStatus(response, 404, 'Not Found');
  response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.body);
};

const answer = async (options: EdgeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  if (url.pathname.startsWith(LOCAL_PREFIX)) {
    const file = options.localFiles.get(url.pathname.slice(LOCAL_PREFIX.length));
    if (file === undefined) return sendStatus(response, 404, 'Not Found');
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store' }).end(file.body);
    return;
  }
  if (url.pathname.startsWith(CAPTURE_PAGE_PATH)) return sendPage(options, response, url.pathname);
  if (url.pathname.startsWith(PORTAL_PAGE_PATH)) return sendPortal(options, response, url.pathname);
  return callLambda(options, request, response, url);
};

/**
 * What CloudFront and API Gateway are in production, on one local port: the built pages, and every route of the table handed
 * to its Lambda handler as a payload 2.0 event.
 */
export const startEdge = async (options: EdgeOptions): Promise<RunningEdge> => {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    answer(options, request, response).catch(() => {
      if (!response.headersSent) sendStatus(response, 500, 'Internal Server Error');
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.hostname ?? 'verified.localhost'}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
