import type * as z from 'zod';
import type { FormSchema, NavigationRoute, RouteTable } from '../../contract/api/routes/definition.ts';
import type { Log } from '../core/model/ports.ts';
import { dispatcher } from './dispatch.ts';
import { endpoint, type FailureAnswer, type HttpAnswer, type HttpHandler, type HttpRequest } from './endpoint.ts';
import { formBody } from './form-body.ts';

/**
 * What each route of a table does. A link is read by its handler, which answers a bad one with a page; a form has been read by the
 * definition's schema.
 */
export type NavigationHandlers<Table extends RouteTable<NavigationRoute>> = {
  readonly [Name in keyof Table]: (
    request: HttpRequest,
    form: z.output<FormSchema<Table[Name]>>,
  ) => Promise<HttpAnswer>;
};

/** What browsers navigate to. @param failure the page for each failure */
export const navigationEndpoint = <Table extends RouteTable<NavigationRoute>>(
  log: Log,
  failure: FailureAnswer,
  table: Table,
  handlers: NavigationHandlers<Table>,
): HttpHandler => {
  const dispatch = dispatcher<NavigationRoute, Table>(table, handlers);
  return endpoint(log, failure, async (request) => {
    const { route, run } = dispatch(request);
    const form = route.form === undefined ? undefined : formBody(request, route.form);
    return run(request as never, form as never) as Promise<HttpAnswer>;
  });
};
