import type { Route } from '../../contract/api/routes.ts';
import { apiEvent } from '../../local/edge/gateway-event.ts';

/** Where requests come from by default. */
export const CALLER_ADDRESS = '203.0.113.7';

/** A route's path as the gateway passes it on: with its values, decoded. */
export const decodedPath = (path: string, values: Readonly<Record<string, string>> = {}): string =>
  path.replace(/\{(.+?)\}/g, (_, name) => values[name] ?? '');

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

/** The event that API Gateway creates from a request to a route. */
export const wireEvent = (route: Route, { path, query, body, cookies = [], headers, authorizer }: WireRequest) =>
  apiEvent(route, {
    rawPath: decodedPath(route.path, path),
    pathParameters: path,
    // A request line has no encoding: whatever is not ASCII is kept byte by byte.
    query: (query ?? Buffer.alloc(0)).toString('latin1'),
    headers: { ...headers, cookie: cookies.join('; ') },
    ...(body === undefined ? {} : { body }),
    sourceIp: CALLER_ADDRESS,
    authorizer,
  });
