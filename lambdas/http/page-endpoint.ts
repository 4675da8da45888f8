import type { CallRoute, RouteTable } from '../../contract/api/routes/definition.ts';
import type { Log } from '../core/model/ports.ts';
import type { SessionCredential } from '../core/model/session.ts';
import { dispatcher } from './dispatch.ts';
import { endpoint, type HttpHandler, type HttpRequest } from './endpoint.ts';
import { problemAnswer } from './problem-json.ts';
import { type RouteAnswer, writeAnswer } from './route-answer.ts';
import { type RouteInput, readInput } from './route-input.ts';
import { pageCredential } from './session-cookie.ts';

export interface PageEndpointPorts {
  readonly log: Log;
  /** Origin of the page. */
  readonly publicOrigin: string;
}

/** Who calls: a browser that holds a session; and the request, whose support id the handler sets as soon as it knows the login. */
export interface PageCaller {
  readonly credential: SessionCredential;
  readonly request: HttpRequest;
}

/** What each route of a table does. */
export type PageHandlers<Table extends RouteTable<CallRoute>> = {
  readonly [Name in keyof Table]: (input: RouteInput<Table[Name]>, caller: PageCaller) => RouteAnswer<Table[Name]>;
};

/** The calls of the capture page: finds the session, reads the input, runs the handler and writes its answer. */
export const pageEndpoint = <Table extends RouteTable<CallRoute>>(
  ports: PageEndpointPorts,
  table: Table,
  handlers: PageHandlers<Table>,
): HttpHandler => {
  const dispatch = dispatcher<CallRoute, Table>(table, handlers);
  return endpoint(ports.log, problemAnswer, async (request) => {
    const { route, run } = dispatch(request);
    const caller: PageCaller = { credential: pageCredential(request, ports.publicOrigin), request };
    return writeAnswer(route, await run(readInput(request, route) as never, caller as never));
  });
};
