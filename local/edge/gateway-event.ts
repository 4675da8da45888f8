import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { LambdaName } from '../../contract/api/routes.ts';
import type { OriginRequest } from './distribution.ts';

/** A route as API Gateway knows it. */
export interface ServedRoute {
  readonly method: string;
  /** e.g. `/s/{integrationId}` */
  readonly path: string;
  readonly lambda: LambdaName;
  /** Whether it requires a token of the portal's issuer. */
  readonly isForOperators: boolean;
}

/** A route that matches a request, with its path parameters. */
export interface MatchedRoute {
  readonly route: ServedRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Host and caller as the API sees them: the distribution forwards neither its own host name nor the viewer's address. */
const API_HOST = 'local.execute-api.localhost';
const DISTRIBUTION_ADDRESS = '192.0.2.1';

/**
 * An HTTP API decodes the whole path before it looks for a route. A question mark in the decoded path ends it, and an escaped slash
 * separates like any other.
 * @throws URIError
 */
export const decodePath = (path: string): string => decodeURIComponent(path).split('?')[0] ?? '';

const matchPath = (pattern: string, path: string): Record<string, string> | null => {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== value) return null;
      continue;
    }
    // Whether AWS accepts dot segments as values is not documented; here they are refused.
    if (value === '' || value === '.' || value === '..') return null;
    parameters[name] = value;
  }
  return parameters;
};

/**
 * The route of the table that API Gateway would choose, or null. HEAD does not match GET there.
 * @param path decoded
 */
export const matchRoute = (method: string, path: string, routes: readonly ServedRoute[]): MatchedRoute | null => {
  for (const route of routes) {
    if (route.method !== method) continue;
    const pathParameters = matchPath(route.path, path);
    if (pathParameters !== null) return { route, pathParameters };
  }
  return null;
};

/** Text is recognized by its content type. Everything else, including forms and bodies without a type, arrives in base64. Measured at AWS by others. */
const isText = (contentType: string | undefined): boolean =>
  /^(text\/|application\/(json|javascript|xml)\b)/i.test(contentType ?? '');

const queryParameters = (query: URLSearchParams): Record<string, string> | undefined => {
  const joined: Record<string, string> = {};
  for (const name of new Set(query.keys())) joined[name] = query.getAll(name).join(',');
  return Object.keys(joined).length === 0 ? undefined : joined;
};

/** A request of a route as the API gets it: the path decoded, the query as sent, cookies among the headers. */
export interface ApiRequest {
  /** HEAD, where the route is a GET. */
  readonly method?: string;
  readonly rawPath: string;
  readonly pathParameters?: Readonly<Record<string, string>> | undefined;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer;
  readonly sourceIp: string;
  readonly protocol?: string;
  /** What the route's authorizer reports about the caller. */
  readonly authorizer?: object | undefined;
  readonly atMs?: number;
}

/**
 * The event that an HTTP API (payload format 2.0) passes to a Lambda: repeated parameters joined, in addition to the query as sent, and
 * JSON as text, in which bytes that are not UTF-8 are replaced.
 * Source: API Gateway developer guide, "Working with AWS Lambda proxy integrations for HTTP APIs".
 */
export const apiEvent = (
  route: { readonly method: string; readonly path: string },
  { method = route.method, query = '', body = Buffer.alloc(0), atMs = 0, ...request }: ApiRequest,
): APIGatewayProxyEventV2 => {
  const { rawPath, pathParameters = {}, sourceIp, protocol = 'HTTP/1.1', authorizer } = request;
  const routeKey = `${route.method} ${route.path}`;
  const parameters = queryParameters(new URLSearchParams(query));
  const { cookie = '', ...headers } = request.headers ?? {};
  const cookies = cookie.split(/;\s*/).filter((one) => one !== '');
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    headers,
    ...(cookies.length === 0 ? {} : { cookies }),
    ...(parameters === undefined ? {} : { queryStringParameters: parameters }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: API_HOST,
      domainPrefix: 'local',
      http: { method, path: rawPath, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: crypto.randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date(atMs).toUTCString(),
      timeEpoch: atMs,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
};

/** The event for a request that the distribution forwards. */
export const gatewayEvent = (
  { uri, query, method, headers, message }: OriginRequest,
  { route, pathParameters }: MatchedRoute,
  more: Pick<ApiRequest, 'body' | 'atMs' | 'authorizer'>,
): APIGatewayProxyEventV2 =>
  apiEvent(route, {
    method,
    rawPath: decodePath(uri),
    pathParameters,
    query,
    headers: { ...headers, host: API_HOST },
    sourceIp: DISTRIBUTION_ADDRESS,
    protocol: `HTTP/${message.httpVersion}`,
    ...more,
  });
