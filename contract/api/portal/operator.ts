import * as z from 'zod';
import { Role } from './permissions.ts';

/** GET /api/portal/me */
export const Me = z.strictObject({
  operatorId: z.string(),
  email: z.string().nullable(),
  role: Role,
  account: z.strictObject({ accountId: z.string(), name: z.string() }),
});
export type Me = z.infer<typeof Me>;

/** GET /api/portal/newcomer: somebody who is signed in and belongs to no account. */
export const Newcomer = z.strictObject({
  /** The address that an invitation has to name; null: the issuer has verified none. */
  email: z.string().nullable(),
  /** Whether the person may found an account. */
  mayFound: z.boolean(),
  /** How they left the account that they were in last; null: they were in none. */
  departure: z
    .strictObject({
      accountName: z.string().nullable(),
      at: z.int().describe('epoch seconds'),
      /** `removed`: by an owner. */
      how: z.enum(['removed', 'left']),
    })
    .nullable(),
});
export type Newcomer = z.infer<typeof Newcomer>;

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
