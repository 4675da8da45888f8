import { CAPTURE_PAGE_PATH } from '../../contract/api/session-handle.ts';
import { NO_STORE_HEADERS } from './answer-headers.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';

/** A scanner, or a browser that only prefetches, must not use up a link. */
export const isPrefetch = ({ event }: HttpRequest): boolean =>
  event.requestContext.http.method === 'HEAD' ||
  /\bprefetch\b/.test(`${event.headers['sec-purpose'] ?? ''} ${event.headers['purpose'] ?? ''}`);

export const PREFETCH_RESPONSE: HttpAnswer = { statusCode: 204, headers: { ...NO_STORE_HEADERS } };

/** To the capture page of a session: the handle is after the `#`, where no server sees it. */
export const goToCapturePage = (handle: string, cookies: string[] = []): HttpAnswer => ({
  statusCode: 303,
  headers: { ...NO_STORE_HEADERS, location: `${CAPTURE_PAGE_PATH}#${handle}` },
  cookies,
});
