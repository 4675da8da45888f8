import * as z from 'zod';

/**
 * How long an account's records are kept, in days. Each record is written with its end, so other values apply to later records only:
 * whoever shortens them destroys nothing.
 */
const RecordRetention = z.strictObject({
  /** Login records, and the figures of the hours in which the logins ended. */
  recordDays: z.int().min(30).max(2555).default(395),
  /** Audit events. */
  auditDays: z.int().min(365).max(3650).default(1095),
});

/** What applies to every account: no operator can choose other values yet. */
export const RECORD_RETENTION: Readonly<z.infer<typeof RecordRetention>> = RecordRetention.parse({});
