import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A name, an IPv4 address or a bracketed IPv6 address, each with or without a port (RFC 9110 section 7.2, RFC 3986 section 3.2.2). */
const HOST = /^([a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
/** A path with or without a query, in visible ASCII (RFC 9112 section 3.2.1). */
const TARGET = /^\/[\x21-\x7e]*$/;

const isDecodable = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/** Why the destination of a request cannot be read, as text for the client; null if it can. The query is left to its handler. */
const malformedPart = ({ url = '', headersDistinct }: IncomingMessage): string | null => {
  const hosts = headersDistinct['host'] ?? [];
  const [host = ''] = hosts;
  const isHost = hosts.length === 1 && HOST.test(host) && URL.canParse(`http://${host}`);
  if (!isHost) return 'The Host header is malformed.';
  if (!TARGET.test(url)) return 'The request target is malformed.';
  return isDecodable(url.split('?')[0] ?? '') ? null : 'The path is not percent-encoded UTF-8.';
};

/** Runs `refuse` before any handler of `event`. */
const guard = <Rest extends unknown[]>(
  server: Server,
  event: 'request' | 'upgrade',
  refuse: (reason: string, ...rest: Rest) => void,
): void => {
  const handlers = server.listeners(event) as unknown as ((request: IncomingMessage, ...rest: Rest) => unknown)[];
  if (handlers.length === 0) return;
  server.removeAllListeners(event);
  server.on(event, (request: IncomingMessage, ...rest: unknown[]) => {
    const reason = malformedPart(request);
    if (reason !== null) return refuse(reason, ...(rest as Rest));
    for (const handler of handlers) handler.call(server, request, ...(rest as Rest));
  });
};

/**
 * Answers 400 with a reason to requests whose host or target is malformed, before a handler sees them: libraries assume that both
 * are well-formed.
 */
export const refuseMalformedRequests = (server: Server): void => {
  guard(server, 'request', (reason, response: ServerResponse) => {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${reason}\n`);
  });
  guard(server, 'upgrade', (reason, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: ${reason.length}\r\nconnection: close`;
    socket.end(`${head}\r\n\r\n${reason}`);
  });
};
