import * as z from 'zod';

/** One act of an operator, as the audit log keeps it. */
export const AuditEntry = z.strictObject({
  entryId: z.string(),
  /** epoch seconds */
  at: z.int(),
  operatorId: z.string(),
  email: z.string().nullable(),
  /** e.g. `integration-created`. */
  act: z.string(),
  /** What it was done to: integration, or integration and External ID. */
  integrationId: z.string().nullable(),
  externalId: z.string().nullable(),
  /** Names of the options that were changed, and the like; no secret and no old value. */
  detail: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** GET /api/portal/audit, newest first. */
export const AuditPage = z.strictObject({ entries: z.array(AuditEntry), cursor: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;
