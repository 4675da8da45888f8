import { Problem } from '../core/problem.ts';
import type { HttpRequest } from './endpoint.ts';
import { bodyText } from './json-body.ts';

/**
 * The fields of a form that one of our own pages posted.
 * @throws Problem `forbidden-origin`, `body-too-large`, `invalid-request`
 */
export const formBody = (request: HttpRequest): URLSearchParams => {
  const { headers } = request.event;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new Problem('forbidden-origin', 'not from the same origin');
  const text = bodyText(request);
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new Problem('invalid-request', 'content type is not that of a form');
  }
  return new URLSearchParams(text);
};
