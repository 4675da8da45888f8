import type { IncomingMessage } from 'node:http';
import { FRONT_DOOR_SECRET_HEADER } from '../../contract/api/front-door.ts';
import type { LambdaName } from '../../contract/api/routes.ts';
import type { HttpAnswer, HttpHandler } from '../../lambdas/http/endpoint.ts';
import { AwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import type { Origin, OriginRequest } from './distribution.ts';
import { type EdgeAnswer, gatewayMessage } from './edge-answer.ts';
import { decodePath, gatewayEvent, matchRoute, type ServedRoute } from './gateway-event.ts';
import type { JwtClaims } from './jwt-authorizer.ts';
import { type LocalNames, localize, localizeHeaders } from './local-names.ts';
import { SERVED_ROUTES } from './served-routes.ts';
import { type RateLimits, Throttle } from './throttle.ts';

export interface GatewayOptions {
  /** Known to the Lambdas too; proves that a request came through the distribution. */
  readonly frontDoorSecret: string;
  readonly lambdas: () => Readonly<Record<LambdaName, HttpHandler>>;
  /** Default: the routes of the contract. */
  readonly routes?: () => readonly ServedRoute[];
  /** Default: no request is refused for its number. */
  readonly rateLimits?: RateLimits | undefined;
  readonly names: () => LocalNames;
  /** Lets operators in; without it nobody gets in. */
  readonly authorize?: (authorization: string | undefined) => Promise<JwtClaims | null>;
  readonly clockMs?: () => number;
}

/** API Gateway, "Quotas for configuring and running an HTTP API". */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEAD_BYTES = 10_240;
/** What the distribution and AWS add to a request's head: `via`, `x-amz-cf-id`, `x-forwarded-*`, `x-amzn-trace-id`; rounded up. */
const ADDED_HEAD_BYTES = 512;

/** Request line and headers. AWS counts the headers' values; here their names count too. */
const headBytes = ({ method, uri, query, headers }: OriginRequest): number =>
  Object.entries(headers).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    Buffer.byteLength(`${method} ${uri}?${query} HTTP/1.1`) + ADDED_HEAD_BYTES,
  );

/** Null for a body that is too large. */
const bodyOf = (message: IncomingMessage): Promise<Buffer | null> =>
  readBody(message, MAX_BODY_BYTES).catch((error: unknown) => {
    if (error instanceof AwsError) return null;
    throw error;
  });

const asEdgeAnswer = (answer: HttpAnswer, names: LocalNames): EdgeAnswer => {
  const headers = localizeHeaders(answer.headers ?? {}, names);
  const body = answer.isBase64Encoded === true ? Buffer.from(answer.body ?? '', 'base64') : (answer.body ?? '');
  const isPage = String(headers['content-type'] ?? '').startsWith('text/html');
  const { cookies = [] } = answer;
  return {
    status: answer.statusCode ?? 200,
    headers: { ...headers, ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) },
    body: isPage ? localize(body.toString(), names) : body,
  };
};

/** API Gateway's part of the edge: every route of the table, passed to its Lambda as a payload 2.0 event. */
export const gateway = (options: GatewayOptions): Origin => {
  const { clockMs = Date.now, routes = () => SERVED_ROUTES, rateLimits } = options;
  const throttle = rateLimits === undefined ? null : new Throttle(rateLimits, clockMs);
  return async (viewed) => {
    // Replaces whatever the client sent under this name.
    const headers = { ...viewed.headers, [FRONT_DOOR_SECRET_HEADER]: options.frontDoorSecret };
    const request = { ...viewed, headers };
    if (headBytes(request) > MAX_HEAD_BYTES) return gatewayMessage(431, 'Request Header Fields Too Large');
    const match = matchRoute(request.method, decodePath(request.uri), routes());
    if (match === null) return gatewayMessage(404, 'Not Found');
    const { method, path, isForOperators, lambda } = match.route;
    if (throttle?.admits(`${method} ${path}`) === false) return gatewayMessage(429, 'Too Many Requests');
    const body = await bodyOf(request.message);
    if (body === null) return gatewayMessage(413, 'Request Too Long');
    const claims = isForOperators ? ((await options.authorize?.(viewed.headers['authorization'])) ?? null) : null;
    if (isForOperators && claims === null) return gatewayMessage(401, 'Unauthorized');
    const authorizer = { jwt: { claims: claims ?? {}, scopes: [] }, principalId: '', integrationLatency: 0 };
    const event = gatewayEvent(request, match, { body, atMs: clockMs(), ...(isForOperators ? { authorizer } : {}) });
    const handler = options.lambdas()[lambda];
    try {
      return asEdgeAnswer(await handler(event, { awsRequestId: event.requestContext.requestId }), options.names());
    } catch (error) {
      console.error(`local ${lambda} function failed:`, error);
      return gatewayMessage(500, 'Internal Server Error');
    }
  };
};
