import type { Scope } from '../../contract/api/portal/api-keys.ts';
import { type Caller, type CallerPorts, checkScope, findCaller } from '../core/api-keys/caller.ts';
import { Problem } from '../core/model/problem.ts';
import { endpoint, type FailureAnswer, type HttpAnswer, type HttpHandler, type HttpRequest } from './endpoint.ts';
import { problemAnswer } from './problem-json.ts';

/** One route of the backend API: what the key has to allow, and what the route does. */
export interface BackendRoute {
  readonly scope: Scope;
  readonly run: (request: HttpRequest, caller: Caller) => Promise<HttpAnswer>;
}

/** A refused key is told how keys are brought (RFC 6750 section 3). */
const answerFailure: FailureAnswer = (code, supportId, more) => {
  const answer = problemAnswer(code, supportId, more);
  const challenge = code === 'key-not-accepted' ? { 'www-authenticate': 'Bearer' } : {};
  return { ...answer, headers: { ...answer.headers, ...challenge } };
};

/** The endpoints of an organisation's backend: finds whose key it is, checks the route's scope, then runs it. */
export const backendEndpoint = (ports: CallerPorts, routes: Readonly<Record<string, BackendRoute>>): HttpHandler => {
  const find = findCaller(ports);
  return endpoint(ports.log, answerFailure, async (request) => {
    const caller = await find(request.event.headers['authorization'] ?? '');
    const route = routes[request.event.routeKey];
    if (route === undefined) throw new Problem('not-found', 'no such route');
    checkScope(caller, route.scope);
    return route.run(request, caller);
  });
};
