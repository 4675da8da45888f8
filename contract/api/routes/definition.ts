import type * as z from 'zod';
import type { PathParameterName } from '../path.ts';
import type { Scope } from '../portal/api-keys.ts';
import type { RoutePermission } from '../portal/permissions.ts';
import type { NamesInPath } from '../route-path.ts';

// One definition of a route holds everything that its Lambda, the pages that call it, API Gateway and the OpenAPI document need. What only
// the document needs is in `descriptions/`, so that no page loads it. This file contains only types, so pages load nothing of it.

interface RouteForm {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Names in braces are those of `PathParameters`. */
  readonly path: `/${string}`;
  readonly query?: z.ZodObject;
}

/** A call that is answered with JSON, or with nothing. */
export interface CallRoute extends RouteForm {
  readonly body?: z.ZodType;
  /** Set if bodies may be longer than `MAX_BODY_BYTES`. */
  readonly maxBodyBytes?: number;
  readonly answers: { readonly 200: z.ZodType } | { readonly 204: 'empty' };
}

/** A call of the portal says which operators may make it. */
export interface PortalRoute extends CallRoute {
  readonly path: `/api/portal/${string}`;
  readonly permission: RoutePermission;
}

/** A call of an organization's own backend names the scope that the API key needs. Its path names the integration. */
export interface BackendRoute extends CallRoute {
  readonly path: `/api/v1/integrations/{integrationId}/${string}`;
  readonly scope: Scope;
}

/** What browsers navigate to: answered with a page, a redirect, or nothing if the browser only prefetches. */
export interface NavigationRoute extends RouteForm {
  readonly path: `/s/${string}`;
  /** What a page's own form posts, `application/x-www-form-urlencoded`. */
  readonly form?: z.ZodObject;
  readonly answers: { readonly 200?: 'page'; readonly 204?: 'empty'; readonly 303?: 'redirect' };
}

export type RouteDefinition = CallRoute | PortalRoute | BackendRoute | NavigationRoute;

/** Routes by name. */
export type RouteTable<Route extends RouteDefinition = RouteDefinition> = Readonly<Record<string, Route>>;

/** The schema at `part` of a route; never if it has none. */
type SchemaAt<Route, Part extends string> = Route extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? Schema
  : never;

export type PathOf<Route extends RouteDefinition> = {
  readonly [Name in NamesInPath<Route['path']> & PathParameterName]: string;
};
export type QuerySchema<Route extends RouteDefinition> = SchemaAt<Route, 'query'>;
export type BodySchema<Route extends RouteDefinition> = SchemaAt<Route, 'body'>;
export type FormSchema<Route extends RouteDefinition> = SchemaAt<Route, 'form'>;
/** Type of the answer to a call; undefined if it is empty. */
export type AnswerOf<Route extends CallRoute> = [AnswerSchema<Route>] extends [never]
  ? undefined
  : z.output<AnswerSchema<Route>>;
/** Never if the answer is empty or a page. */
export type AnswerSchema<Route extends RouteDefinition> = Route['answers'] extends {
  readonly 200: infer Schema extends z.ZodType;
}
  ? Schema
  : never;
