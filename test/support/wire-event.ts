import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '../../contract/api/routes.ts';

/** A request as it is on the wire: bytes. */
export interface WireRequest {
  /** The parts of the path, decoded. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Buffer;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly authorizer?: object;
}

const joined = (query: string): Record<string, string> => {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
};

/**
 * The event that an HTTP API makes of a request: the query as it is and, beside it, decoded with repeated parameters joined; JSON
 * as text, in which bytes that are no UTF-8 are replaced; forms in base64.
 * Source: API Gateway developer guide, "Working with AWS Lambda proxy integrations for HTTP APIs".
 */
export const wireEvent = (route: Route, request: WireRequest): APIGatewayProxyEventV2 => {
  const routeKey = `${route.method} ${route.path}`;
  const rawPath = route.path.replace(/\{(.+?)\}/g, (_, name) => encodeURIComponent(request.path?.[name] ?? ''));
  // A request line has no encoding: whatever is no ASCII is kept byte by byte.
  const rawQueryString = (request.query ?? Buffer.alloc(0)).toString('latin1');
  const isText = /json/.test(request.headers?.['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: { ...request.headers },
    cookies: [...(request.cookies ?? [])],
    ...(rawQueryString === '' ? {} : { queryStringParameters: joined(rawQueryString) }),
    ...(request.path === undefined ? {} : { pathParameters: { ...request.path } }),
    requestContext: {
      http: { method: route.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      routeKey,
      ...(request.authorizer === undefined ? {} : { authorizer: request.authorizer }),
    } as unknown as APIGatewayProxyEventV2['requestContext'],
    ...(request.body === undefined ? {} : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body !== undefined && !isText,
  };
};
