import type { RouteDefinition, RouteTable } from '../../contract/api/routes/definition.ts';
import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';

/** A route with its handler, without their types, which their table has already checked against each other. */
interface Dispatched<Route extends RouteDefinition> {
  readonly route: Route;
  readonly run: (...parts: readonly never[]) => Promise<unknown>;
}

/**
 * Finds the route that the gateway chose, with its handler. A handler that is missing does not compile, since `handlers` has every name of
 * the table.
 * @throws Problem `not-found` for what is not a route of this table
 */
export const dispatcher = <Route extends RouteDefinition, Table extends RouteTable<Route>>(
  table: Table,
  handlers: { readonly [Name in keyof Table]: Dispatched<Route>['run'] },
): ((request: HttpRequest) => Dispatched<Route>) => {
  const routes = new Map<string, Dispatched<Route>>();
  for (const [name, route] of Object.entries<Route>(table)) {
    const run = handlers[name];
    if (run !== undefined) routes.set(`${route.method} ${route.path}`, { route, run });
  }
  return ({ event }) => {
    const found = routes.get(event.routeKey);
    if (found === undefined) throw new Problem('not-found', 'no such route');
    return found;
  };
};
