import * as z from 'zod';
import { PathParameters } from '../api/path.ts';
import type { ProblemCode } from '../api/problems.ts';
import { namesInPath } from '../api/route-path.ts';
import type { CallRoute, NavigationRoute } from '../api/routes/definition.ts';
import { BACKEND_DESCRIPTIONS } from '../api/routes/descriptions/backend.ts';
import {
  ENROLL_DESCRIPTIONS,
  HANDOFF_NAVIGATION_DESCRIPTIONS,
  LOGIN_NAVIGATION_DESCRIPTIONS,
  SESSION_DESCRIPTIONS,
  VERIFY_DESCRIPTIONS,
} from '../api/routes/descriptions/capture.ts';
import type { Description } from '../api/routes/descriptions/description.ts';
import {
  ACCOUNT_DESCRIPTIONS,
  AUDIT_DESCRIPTIONS,
  MEMBER_DESCRIPTIONS,
  SIGN_IN_DESCRIPTIONS,
} from '../api/routes/descriptions/portal-account.ts';
import { API_KEY_DESCRIPTIONS, WEBHOOK_DESCRIPTIONS } from '../api/routes/descriptions/portal-automation.ts';
import { CONSENT_DESCRIPTIONS, INTEGRATION_DESCRIPTIONS } from '../api/routes/descriptions/portal-integrations.ts';
import { TRANSACTION_DESCRIPTIONS } from '../api/routes/descriptions/portal-transactions.ts';
import { USER_DESCRIPTIONS } from '../api/routes/descriptions/portal-users.ts';
import { ROUTES, type Route, type RouteName } from '../api/routes.ts';

/** A missing description is a compile error. */
const DESCRIPTIONS: Readonly<Record<RouteName, Description>> = {
  ...LOGIN_NAVIGATION_DESCRIPTIONS,
  ...HANDOFF_NAVIGATION_DESCRIPTIONS,
  ...SESSION_DESCRIPTIONS,
  ...ENROLL_DESCRIPTIONS,
  ...VERIFY_DESCRIPTIONS,
  ...SIGN_IN_DESCRIPTIONS,
  ...ACCOUNT_DESCRIPTIONS,
  ...MEMBER_DESCRIPTIONS,
  ...AUDIT_DESCRIPTIONS,
  ...INTEGRATION_DESCRIPTIONS,
  ...CONSENT_DESCRIPTIONS,
  ...USER_DESCRIPTIONS,
  ...TRANSACTION_DESCRIPTIONS,
  ...API_KEY_DESCRIPTIONS,
  ...WEBHOOK_DESCRIPTIONS,
  ...BACKEND_DESCRIPTIONS,
};

/** A route's definition together with its description: everything that the OpenAPI document says about it. */
export interface DocumentedRoute {
  readonly name: RouteName;
  readonly method: Route['method'];
  readonly path: Route['path'];
  readonly summary: string;
  readonly isDeprecated: boolean;
  readonly parameters: { readonly path?: z.ZodObject; readonly query?: z.ZodObject };
  readonly body?: z.ZodType | undefined;
  /** A page's own form, `application/x-www-form-urlencoded`. */
  readonly form?: z.ZodObject | undefined;
  /** By status. */
  readonly answers: Readonly<Record<string, { readonly description: string; readonly schema?: z.ZodType }>>;
  readonly problems: readonly ProblemCode[];
}

const parametersIn = (path: Route['path']): { readonly path?: z.ZodObject } => {
  const names = namesInPath(path);
  if (names.length === 0) return {};
  return { path: z.object(Object.fromEntries(names.map((name) => [name, PathParameters.shape[name]]))) };
};

const answersOf = (route: CallRoute | NavigationRoute, described: Description): DocumentedRoute['answers'] =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, kind]) => {
      const description = described.answers[Number(status)] ?? '';
      return [status, typeof kind === 'string' ? { description } : { description, schema: described.answer ?? kind }];
    }),
  );

const documented = (route: Route): DocumentedRoute => {
  const { name, method, path } = route;
  const { query, body, form }: Pick<CallRoute, 'method' | 'query' | 'body'> & Pick<NavigationRoute, 'form'> = route;
  const described = DESCRIPTIONS[name];
  return {
    name,
    method,
    path,
    summary: 'scope' in route ? `${described.summary}; scope \`${route.scope}\`` : described.summary,
    isDeprecated: described.isDeprecated ?? false,
    parameters: { ...parametersIn(path), ...(query === undefined ? {} : { query }) },
    body: described.body ?? body,
    form,
    answers: answersOf(route, described),
    problems: described.problems,
  };
};

export const DOCUMENTED_ROUTES: readonly DocumentedRoute[] = ROUTES.map(documented);

/** Schemas whose documented form is narrower than the form that the service reads, with the documented form. */
export const NARROWER_FORMS: ReadonlyMap<z.ZodType, z.ZodType> = new Map(
  ROUTES.flatMap(({ name, ...route }) => {
    const { body, answer } = DESCRIPTIONS[name];
    const pairs: (readonly [z.ZodType, z.ZodType])[] = [];
    if ('body' in route && body !== undefined) pairs.push([route.body, body]);
    if (200 in route.answers && route.answers[200] !== 'page' && answer !== undefined) {
      pairs.push([route.answers[200], answer]);
    }
    return pairs;
  }),
);
