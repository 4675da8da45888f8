import type * as z from 'zod';
import type { ProblemCode } from '../../problems.ts';
import type { RouteTable } from '../definition.ts';

/** What the API's document says of a route beside its definition. */
export interface Description<Statuses extends PropertyKey = number> {
  readonly summary: string;
  /** What the answer of each status is. */
  readonly answers: { readonly [Status in Statuses]: string };
  /** Failures beside those that every call of its kind can have. */
  readonly problems: readonly ProblemCode[];
  /**
   * A narrower form than the definition's, for what the service reads loosely since a rule checks it, with a problem of its own that
   * names the member.
   */
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** True: it answers for callers of an earlier release; another route does the same. */
  readonly isDeprecated?: boolean;
}

/** One for each route of a table. */
export type Descriptions<Table extends RouteTable> = {
  readonly [Name in keyof Table]: Description<keyof Table[Name]['answers']>;
};
