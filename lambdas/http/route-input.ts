import type * as z from 'zod';
import { MAX_BODY_BYTES } from '../../contract/api/body-limits.ts';
import { type PathParameterName, PathParameters } from '../../contract/api/path.ts';
import { namesInPath } from '../../contract/api/route-path.ts';
import type { BodySchema, CallRoute, PathOf, QuerySchema } from '../../contract/api/routes/definition.ts';
import { Problem } from '../core/model/problem.ts';
import type { HttpRequest } from './endpoint.ts';
import { jsonBody } from './json-body.ts';
import { parametersOf } from './request-text.ts';

/** What a request holds of what its route defines, read by the definition's schemas. */
export interface RouteInput<Route extends CallRoute> {
  readonly path: PathOf<Route>;
  readonly query: z.output<QuerySchema<Route>>;
  readonly body: z.output<BodySchema<Route>>;
}

/** The parameters of the path. @throws Problem `not-found` for one of another form, since nothing has such a name */
export const pathOf = <Route extends CallRoute>({ event }: HttpRequest, { path }: Route): PathOf<Route> => {
  const parameterOf = (name: PathParameterName): string => {
    const result = PathParameters.shape[name].safeParse(event.pathParameters?.[name]);
    if (!result.success) throw new Problem('not-found', `path ${name}`);
    return result.data;
  };
  return Object.fromEntries(
    namesInPath(path).map((name) => [name, parameterOf(name as PathParameterName)]),
  ) as PathOf<Route>;
};

/**
 * They are read from the query as it was sent: API Gateway's own list of them joins repeated ones by commas and replaces bytes that are
 * not UTF-8.
 * @throws Problem `invalid-request`, naming the parameter but no value
 */
const queryOf = ({ event }: HttpRequest, schema: z.ZodType): unknown => {
  const result = schema.safeParse(parametersOf(event.rawQueryString));
  if (result.success) return result.data;
  const names = result.error.issues.map(({ path, code }) => `query ${path.join('.')} ${code}`);
  throw new Problem('invalid-request', names.slice(0, 5).join(', '));
};

/**
 * Path, query and body, in this order. What a route does not define is ignored.
 * @throws Problem `not-found`, `invalid-request`, `body-too-large`
 */
export const readInput = <Route extends CallRoute>(request: HttpRequest, route: Route): RouteInput<Route> => {
  const { query, body, maxBodyBytes = MAX_BODY_BYTES }: CallRoute = route;
  return {
    path: pathOf(request, route),
    query: query === undefined ? undefined : queryOf(request, query),
    body: body === undefined ? undefined : jsonBody(request, body, maxBodyBytes),
  } as RouteInput<Route>;
};
