import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../contract/api/front-door.ts';
import type { Log } from '../core/model/ports.ts';
import type { HttpAnswer, HttpHandler } from './endpoint.ts';

/** Hashed, so that lengths disclose nothing either. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const REFUSED: HttpAnswer = {
  statusCode: 403,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: '{"message":"Forbidden"}',
};

/**
 * Whether a secret is one of those that are valid: while the secret is being replaced, the distribution sends one that the functions
 * know already. All are compared, so that timing does not disclose which one matched.
 */
const isOneOf = (secrets: string): ((given: string) => boolean) => {
  const expected = secrets.split(',').map(digest);
  return (given) => {
    const seen = digest(given);
    return expected.map((each) => timingSafeEqual(seen, each)).includes(true);
  };
};

/**
 * Lets only requests through that came through the distribution, gives the endpoint the viewer's address instead of the distribution's,
 * and notes how long each route took.
 * @param secrets one secret, or several joined by commas
 */
export const behindFrontDoor = (secrets: string, log: Log, handler: HttpHandler): HttpHandler => {
  const isValid = isOneOf(secrets);
  return async (event, context) => {
    const startedAt = performance.now();
    if (!isValid(event.headers[FRONT_DOOR_SECRET_HEADER] ?? '')) {
      log('not-through-front-door', { route: event.routeKey });
      return REFUSED;
    }
    const viewer = event.headers[VIEWER_ADDRESS_HEADER] ?? '';
    const sourceIp = isIP(viewer) === 0 ? event.requestContext.http.sourceIp : viewer;
    const http = { ...event.requestContext.http, sourceIp };
    const answer = await handler({ ...event, requestContext: { ...event.requestContext, http } }, context);
    const durationMs = Math.round(performance.now() - startedAt);
    log('request', { route: event.routeKey, status: answer.statusCode ?? 200, durationMs });
    return answer;
  };
};
