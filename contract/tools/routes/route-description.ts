import * as z from 'zod';
import type { ProblemCode } from '../../api/problems.ts';

/** What a route is for, what it takes and what it answers; form and status, nothing that routes or schemas say already. */
export interface RouteDescription {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly path?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: {
    readonly status: '200' | '204' | '303';
    readonly description: string;
    readonly schema?: z.ZodType;
  };
  /** Failures beside those that every call of its kind can have. */
  readonly problems: readonly ProblemCode[];
}

export const ok = (description: string, schema: z.ZodType) => ({ status: '200', description, schema }) as const;
export const OneIntegration = z.object({ integrationId: z.string().meta({ description: 'Integration Id' }) });
export const OneWebhook = z.object({ webhookId: z.string().meta({ description: 'Id of the webhook' }) });
export const Paging = z.object({
  cursor: z.string().max(512).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional()
    .meta({ description: '1 to 100; 25 unless told' }),
});

export const TimeParameter = z
  .string()
  .regex(/^\d{10}$/)
  .optional()
  .meta({ description: 'Epoch seconds' });
