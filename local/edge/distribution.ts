import type { IncomingMessage } from 'node:http';
import type { Behavior } from '../../lib/distribution-rules.ts';
import { chooseBehavior } from './choose-behavior.ts';
import { distributionMessage, type EdgeAnswer } from './edge-answer.ts';
import type { EdgeRules } from './edge-rules.ts';
import { KeptErrors } from './kept-errors.ts';
import { addHeaders } from './response-headers.ts';
import { type ViewerRequest, viewerFunction } from './viewer-function.ts';

/** A request as the distribution passes it to an origin. */
export interface OriginRequest extends ViewerRequest {
  readonly method: string;
  /** As received, without the question mark. */
  readonly query: string;
  /** Its body, if the origin reads one. */
  readonly message: IncomingMessage;
}

export type Origin = (request: OriginRequest) => Promise<EdgeAnswer>;

/** CloudFront quotas, "Maximum length of a URL". */
const MAX_URL_BYTES = 8192;

/** Repeated headers are joined by commas. */
const joinedHeaders = (message: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(message.headersDistinct).map(([name, values]) => [
      name,
      (values ?? []).join(name === 'cookie' ? '; ' : ','),
    ]),
  );

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** What CloudFront refuses before it asks an origin; null: nothing. Source: developer guide, request and response behavior. */
const refusal = (message: IncomingMessage, { methods }: Behavior): EdgeAnswer | null => {
  const { method = '', url = '' } = message;
  if (Buffer.byteLength(url) > MAX_URL_BYTES) return distributionMessage(414, 'The address is too long.');
  if (!methods.includes(method)) return distributionMessage(403, 'This distribution does not allow the HTTP method.');
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && hasBody(message) ? distributionMessage(403, `${method} with a body is not allowed.`) : null;
};

/**
 * CloudFront's part of the edge: which origin is asked, which requests are refused before that, what the functions of the
 * distribution change, which headers it adds, and which errors are cached for everyone.
 */
export const distribution = (
  rules: EdgeRules,
  origins: Readonly<Record<Behavior['origin'], Origin>>,
  clockMs: () => number,
): ((message: IncomingMessage) => Promise<EdgeAnswer>) => {
  const kept = new KeptErrors(rules.keptErrorSeconds, clockMs);
  const sources = new Set([...rules.behaviors, rules.otherwise].map(({ viewerRequest }) => viewerRequest));
  const functions = new Map([...sources].map((source) => [source, viewerFunction(source)]));
  return async (message) => {
    const { url = '/', method = '', socket } = message;
    const queryAt = url.indexOf('?');
    const [path, query] = queryAt < 0 ? [url, ''] : [url.slice(0, queryAt), url.slice(queryAt + 1)];
    const behavior = chooseBehavior(rules, path);
    const refused = refusal(message, behavior);
    if (refused !== null) return refused;
    const viewer = { method, ip: socket.remoteAddress ?? '127.0.0.1' };
    const request = { uri: path, headers: joinedHeaders(message) };
    const passed = functions.get(behavior.viewerRequest)?.(request, viewer) ?? request;
    if ('status' in passed) return passed;
    const isRead = method === 'GET' || method === 'HEAD';
    const key = `${passed.headers['host']} ${passed.uri}`;
    const before = isRead ? kept.find(key) : null;
    if (before !== null) return { ...before, headers: { ...before.headers, 'x-cache': 'Error from cloudfront' } };
    const fromOrigin = await origins[behavior.origin]({ ...passed, method, query, message });
    const answer = addHeaders(fromOrigin, behavior.responseHeaders ?? []);
    if (isRead) kept.note(key, answer);
    return answer;
  };
};
