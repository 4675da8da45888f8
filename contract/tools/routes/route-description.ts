import type * as z from 'zod';
import { PathParameters } from '../../api/path.ts';
import type { ProblemCode } from '../../api/problems.ts';

/** What a route is for, what it takes and what it answers; form and status, nothing that routes or schemas say already. */
export interface RouteDescription {
  readonly summary: string;
  /** True for what is there for those alone who call it already. */
  readonly isDeprecated?: boolean;
  readonly query?: z.ZodObject;
  readonly path?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A page's own form, `application/x-www-form-urlencoded`. */
  readonly form?: z.ZodObject;
  readonly answer: {
    readonly status: '200' | '204' | '303';
    readonly description: string;
    readonly schema?: z.ZodType;
  };
  /** Failures beside those that every call of its kind can have. */
  readonly problems: readonly ProblemCode[];
}

export const ok = (description: string, schema: z.ZodType) => ({ status: '200', description, schema }) as const;
/** The names in a path. */
export const OneIntegration = PathParameters.pick({ integrationId: true });
export const OneWebhook = PathParameters.pick({ webhookId: true });
