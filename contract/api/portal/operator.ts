import * as z from 'zod';
import { ExternalId } from '../external-id.ts';
import { EXPORT_ROWS, paging, SPAN } from '../query.ts';
import { line } from '../text.ts';

/**
 * How an act ended. `done`: it was carried out. `refused`: the service refused it, and nothing was changed. `failed`: it ended in an
 * error, and may or may not have taken effect. `attempted`: it was begun, and how it ended is not on record.
 */
const ACT_OUTCOMES = ['attempted', 'done', 'refused', 'failed'] as const;
export const ActOutcome = z.enum(ACT_OUTCOMES);
export type ActOutcome = z.infer<typeof ActOutcome>;

/** Acts whose name was another before, by that name. The log keeps what was written; entries are read under the name that stands. */
const FORMER_ACTS: Readonly<Record<string, string>> = { 'user-enrolment-required': 'user-enrollment-required' };
/** The name that stands for an act. */
export const currentAct = (act: string): string => (Object.hasOwn(FORMER_ACTS, act) ? (FORMER_ACTS[act] ?? act) : act);
/** Every name that entries of an act may bear in the log, whichever of them is given. */
export const namesOfAct = (act: string): readonly string[] => {
  const current = currentAct(act);
  return [current, ...Object.keys(FORMER_ACTS).filter((former) => FORMER_ACTS[former] === current)];
};

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
  /** Null: an entry of a time when outcomes were not kept. It was written before the act and says only that somebody asked for it. */
  outcome: ActOutcome.nullable().default(null),
  /** Code of the problem that an act ended in; null where there is none. */
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
