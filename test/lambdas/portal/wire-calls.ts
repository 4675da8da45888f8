import { ROUTES, type RouteName } from '../../../contract/api/routes.ts';
import { type WireRequest, wireEvent } from '../../support/wire-event.ts';
import type { Portal } from './portal-world.ts';

const JSON_TYPE = 'application/json';

/** Requests of one operator, byte by byte, at an integration by default. */
export const wireCallsOf = (portal: Portal, subject: string, ownPath: Readonly<Record<string, string>>) => {
  const send = async (name: RouteName, request: WireRequest, contentType = JSON_TYPE) => {
    const route = ROUTES.find((each) => each.name === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    const handler = { ...portal.handlers, ...portal.world.handlers }[route.lambda];
    const headers = { 'content-type': contentType, ...request.headers };
    const authorizer = portal.authorizerOf(subject);
    const answer = await handler(wireEvent(route, { path: ownPath, authorizer, ...request, headers }), {});
    const isJson = answer.body?.startsWith('{') === true;
    return { status: answer.statusCode, body: isJson ? JSON.parse(answer.body ?? '') : null, answer };
  };
  return {
    send,
    get: (name: RouteName, query: string) => send(name, { query: Buffer.from(query) }),
    post: (name: RouteName, body: object | Buffer, contentType = JSON_TYPE) =>
      send(name, { body: body instanceof Buffer ? body : Buffer.from(JSON.stringify(body)) }, contentType),
  };
};
