import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../../contract/api/routes.ts';
import type { OriginRequest } from './distribution.ts';

/** A route that fits a request, with its path parameters. */
export interface MatchedRoute {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Name and caller as the API sees them: the distribution hands on neither its own name nor the viewer's address. */
const API_HOST = 'local.execute-api.localhost';
const DISTRIBUTION_ADDRESS = '192.0.2.1';

/**
 * An HTTP API decodes the whole path before it looks for a route, and what is then a question mark ends it: an escaped slash
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
    // Whether AWS takes dot segments for values is not documented; here they are none.
    if (value === '' || value === '.' || value === '..') return null;
    parameters[name] = value;
  }
  return parameters;
};

/**
 * The route of the table that API Gateway would choose, or null. HEAD is no GET there.
 * @param path decoded
 */
export const matchRoute = (method: string, path: string, routes: readonly Route[]): MatchedRoute | null => {
  for (const route of routes) {
    if (route.method !== method) continue;
    const pathParameters = matchPath(route.path, path);
    if (pathParameters !== null) return { route, pathParameters };
  }
  return null;
};

/** Text by the type of its content; all else arrives in base64, forms too, and what has no type. Measured at AWS by others. */
const isText = (contentType: string | undefined): boolean =>
  /^(text\/|application\/(json|javascript|xml)\b)/i.test(contentType ?? '');

const queryParameters = (query: URLSearchParams): Record<string, string> | undefined => {
  const joined: Record<string, string> = {};
  for (const name of new Set(query.keys())) joined[name] = query.getAll(name).join(',');
  return Object.keys(joined).length === 0 ? undefined : joined;
};

/**
 * The event that an HTTP API (payload format 2.0) hands to a Lambda for this request.
 * Source: API Gateway developer guide, "Working with AWS Lambda proxy integrations for HTTP APIs".
 */
export const gatewayEvent = (
  { uri, query, method, headers, message }: OriginRequest,
  { route, pathParameters }: MatchedRoute,
  body: Buffer,
  atMs: number,
): APIGatewayProxyEventV2 => {
  const routeKey = `${route.method} ${route.path}`;
  const parameters = queryParameters(new URLSearchParams(query));
  const { cookie = '', ...others } = headers;
  const cookies = cookie.split(/;\s*/).filter((one) => one !== '');
  const rawPath = decodePath(uri);
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    headers: { ...others, host: API_HOST },
    ...(cookies.length === 0 ? {} : { cookies }),
    ...(parameters === undefined ? {} : { queryStringParameters: parameters }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: API_HOST,
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: DISTRIBUTION_ADDRESS,
        userAgent: headers['user-agent'] ?? '',
      },
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
