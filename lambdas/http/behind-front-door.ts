import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { FRONT_DOOR_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../contract/api/front-door.ts';
import type { Log } from '../core/ports.ts';
import type { HttpAnswer, HttpHandler } from './endpoint.ts';

/** Lengths then tell nothing either. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const REFUSED: HttpAnswer = {
  statusCode: 403,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: '{"message":"Forbidden"}',
};

/**
 * Lets only requests through that came by the distribution, gives the endpoint the viewer's own address instead of the
 * distribution's, and notes how long each route took.
 */
export const behindFrontDoor = (secret: string, log: Log, handler: HttpHandler): HttpHandler => {
  const expected = digest(secret);
  return async (event, context) => {
    const startedAt = performance.now();
    if (!timingSafeEqual(digest(event.headers[FRONT_DOOR_SECRET_HEADER] ?? ''), expected)) {
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
