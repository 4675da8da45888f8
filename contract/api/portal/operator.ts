import * as z from 'zod';
import { ExternalId } from '../external-id.ts';
import { EXPORT_ROWS, paging, SPAN } from '../query.ts';
import { line } from '../text.ts';

/**
 * How an operation ended. `done`: it was carried out. `refused`: the service refused it and changed nothing. `failed`: it ended in an
 * error and may or may not have taken effect. `attempted`: it began, and how it ended is not on record.
 */
const ACT_OUTCOMES = ['attempted', 'done', 'refused', 'failed'] as const;
export const ActOutcome = z.enum(ACT_OUTCOMES);
export type ActOutcome = z.infer<typeof ActOutcome>;

/** Operations by their former names. The log keeps what was written; audit events are read under the current name. */
const FORMER_ACTS: Readonly<Record<string, string>> = { 'user-enrolment-required': 'user-enrollment-required' };
/** The current name of an operation. */
export const currentAct = (act: string): string => (Object.hasOwn(FORMER_ACTS, act) ? (FORMER_ACTS[act] ?? act) : act);
/** Every name that an operation can have in the log, given any of them. */
export const namesOfAct = (act: string): readonly string[] => {
  const current = currentAct(act);
  return [current, ...Object.keys(FORMER_ACTS).filter((former) => FORMER_ACTS[former] === current)];
};

/** One audit event, as the audit log keeps it. */
export const AuditEntry = z.strictObject({
  entryId: z.string(),
  /** epoch seconds */
  at: z.int(),
  operatorId: z.string(),
  email: z.string().nullable(),
  /** e.g. `integration-created`. */
  act: z.string(),
  /** What it concerned: integration, or integration and External ID. */
  integrationId: z.string().nullable(),
  externalId: z.string().nullable(),
  /** Names of the changed options, and the like; no secret and no old value. */
  detail: z.string().nullable(),
  /** Null: the audit event is from before outcomes were kept. It was written first and says only that the operation was requested. */
  outcome: ActOutcome.nullable().default(null),
  /** Code of the problem that the operation ended with; null if there was none. */
  problem: z.string().nullable().default(null),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** GET /api/portal/audit, newest first. */
export const AuditPage = z.strictObject({ entries: z.array(AuditEntry), cursor: z.string().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;

/** GET /api/portal/audit */
export const AuditQuery = paging(EXPORT_ROWS).extend({
  ...SPAN,
  act: line(64).optional(),
  email: line(256).optional(),
  integrationId: line(64).optional(),
  externalId: ExternalId.optional(),
});
