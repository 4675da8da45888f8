import type { BackendRoute, RouteTable } from '../../contract/api/routes/definition.ts';
import { type Caller, type CallerPorts, checkReach, checkScope, findCaller } from '../core/api-keys/caller.ts';
import { dispatcher } from './dispatch.ts';
import { endpoint, type FailureAnswer, type HttpHandler } from './endpoint.ts';
import { problemAnswer } from './problem-json.ts';
import { type RouteAnswer, writeAnswer } from './route-answer.ts';
import { pathOf, type RouteInput, readInput } from './route-input.ts';

/** What each route of a table does. */
export type BackendHandlers<Table extends RouteTable<BackendRoute>> = {
  readonly [Name in keyof Table]: (input: RouteInput<Table[Name]>, caller: Caller) => RouteAnswer<Table[Name]>;
};

/** The answer to a refused key says how keys are presented (RFC 6750 section 3). */
const answerFailure: FailureAnswer = (code, supportId, more) => {
  const answer = problemAnswer(code, supportId, more);
  const challenge = code === 'key-not-accepted' ? { 'www-authenticate': 'Bearer' } : {};
  return { ...answer, headers: { ...answer.headers, ...challenge } };
};

/**
 * The endpoints for an organization's backend: finds whose key it is, checks the route's scope and that the key reaches the integration in
 * its path, reads the input, runs the handler and writes its answer.
 */
export const backendEndpoint = <Table extends RouteTable<BackendRoute>>(
  ports: CallerPorts,
  table: Table,
  handlers: BackendHandlers<Table>,
): HttpHandler => {
  const find = findCaller(ports);
  const dispatch = dispatcher<BackendRoute, Table>(table, handlers);
  return endpoint(ports.log, answerFailure, async (request) => {
    const caller = await find(request.event.headers['authorization'] ?? '');
    const { route, run } = dispatch(request);
    checkScope(caller, route.scope);
    checkReach(caller, pathOf(request, route).integrationId);
    return writeAnswer(route, await run(readInput(request, route) as never, caller as never));
  });
};
