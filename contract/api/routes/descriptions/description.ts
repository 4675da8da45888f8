import type * as z from 'zod';
import type { ProblemCode } from '../../problems.ts';
import type { RouteTable } from '../definition.ts';

/** What the OpenAPI document says about a route in addition to its definition. */
export interface Description<Statuses extends PropertyKey = number> {
  readonly summary: string;
  /** The meaning of each status. */
  readonly answers: { readonly [Status in Statuses]: string };
  /** Problems in addition to those that every call of its kind can have. */
  readonly problems: readonly ProblemCode[];
  /**
   * A narrower form than the definition's, where the service reads loosely because a rule checks the value, with its own problem that
   * names the member.
   */
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** True: the route serves callers of an earlier release; another route does the same. */
  readonly isDeprecated?: boolean;
}

/** One description for each route of a table. */
export type Descriptions<Table extends RouteTable> = {
  readonly [Name in keyof Table]: Description<keyof Table[Name]['answers']>;
};
