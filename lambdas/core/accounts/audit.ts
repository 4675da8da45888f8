import type { AuditEntry } from '../../../contract/api/portal/operator.ts';
import { PROBLEMS } from '../../../contract/api/problems.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { orderedId } from '../model/ordered-id.ts';
import type { Page } from '../model/page.ts';
import type { Clock, Log } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import type { Operator } from './operator.ts';

/** What to include; null includes everything. Both times are inclusive. */
export interface AuditFilter {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly act: string | null;
  /** E-mail of the operator at that time. */
  readonly email: string | null;
  readonly integrationId: string | null;
  readonly externalId: string | null;
}

/**
 * Audit events of operators. There is no way to change or remove an entry: an event is one entry that says `attempted`, and a second
 * one with the same id that says how it ended. Only `underAudit` writes here.
 */
export interface AuditLog {
  /** Fails if the event has this entry already: the one that says `attempted`, or the one that says how it ended. */
  append(accountId: string, entry: AuditEntry): Promise<void>;
}

export interface AuditQuery {
  readonly filter: AuditFilter;
  readonly after: string | null;
  readonly limit: number;
  /** Events whose end is over by then are left out. */
  readonly now: EpochSeconds;
}

/** Separate from the log: functions that only write audit events need not load what reads them. */
export interface AuditReader {
  /** Newest first, each event once, with its outcome if there is one. A page may be short without being the last. */
  page(accountId: string, query: AuditQuery): Promise<Page<AuditEntry>>;
}

export interface AuditPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every action that is recorded; the portal has a text for each (web/portal/text/en/audit.ts). */
export const ACTS = [
  'integration-created',
  'integration-changed',
  'consent-changed',
  'integration-deleted',
  'secret-rotated',
  'account-founded',
  'account-changed',
  'person-invited',
  'invitation-revoked',
  'invitation-accepted',
  'role-changed',
  'person-removed',
  'person-left',
  'user-unlocked',
  'user-enrollment-required',
  'user-invited',
  'user-invitation-revoked',
  'user-disabled',
  'user-enabled',
  'user-photo-viewed',
  'user-deleted',
  'api-key-created',
  'api-key-revoked',
  'webhook-created',
  'webhook-changed',
  'webhook-secret-rotated',
  'webhook-tested',
  'webhook-deleted',
] as const;
export type Act = (typeof ACTS)[number];

/** Whose action it is: an operator's, or a backend's by its API key (`key:{keyId}`). */
export type Actor = Pick<Operator, 'accountId' | 'operatorId' | 'email'>;

/** An action about to be carried out, and what it applies to. */
export interface IntendedAct {
  readonly act: Act;
  readonly integrationId?: string;
  readonly externalId?: string;
  readonly detail?: string;
}

const attemptOf = (ports: AuditPorts, actor: Actor, intended: IntendedAct): AuditEntry => ({
  entryId: orderedId(),
  at: ports.clock(),
  operatorId: actor.operatorId,
  email: actor.email,
  act: intended.act,
  integrationId: intended.integrationId ?? null,
  externalId: intended.externalId ?? null,
  detail: intended.detail ?? null,
  outcome: 'attempted',
  problem: null,
});

type Ending = Pick<AuditEntry, 'outcome' | 'problem'>;

/** A refusal is the caller's to correct and changed nothing. After any other error it is not known what took effect. */
const endingOf = (error: unknown): Ending => {
  const code = error instanceof Problem ? error.code : 'internal-error';
  return { outcome: PROBLEMS[code].status < 500 ? 'refused' : 'failed', problem: code };
};

/** An entry that cannot be written must not turn a completed action into an error: the event then remains `attempted`, which is true. */
const noteEnding = async (
  ports: AuditPorts,
  actor: Actor,
  attempts: readonly AuditEntry[],
  ending: Ending,
): Promise<void> => {
  const notes = attempts.map((entry) => ports.audit.append(actor.accountId, { ...entry, ...ending }));
  await Promise.all(notes).catch(() => ports.log('act-outcome-not-noted', { acts: attempts.length }));
};

/**
 * Carries out an action of an operator, or of a backend by its key, under the audit log. This is the only way to record one, so that
 * none is recorded without its outcome. It is on record before anything happens; if recording fails, nothing happens.
 * @param acts one action, or those that one change consists of
 * @param carryOut changes all or nothing: whatever it refuses by a Problem with a status below 500 has had no effect. What is read
 *   for the answer afterwards stays outside
 * @throws whatever `carryOut` throws; Problem `unavailable` if the action cannot be recorded
 */
export const underAudit = async <Result>(
  ports: AuditPorts,
  actor: Actor,
  acts: IntendedAct | readonly IntendedAct[],
  carryOut: () => Promise<Result>,
): Promise<Result> => {
  const attempts = [acts].flat().map((intended) => attemptOf(ports, actor, intended));
  await Promise.all(attempts.map((entry) => ports.audit.append(actor.accountId, entry)));
  let result: Result;
  try {
    result = await carryOut();
  } catch (error) {
    await noteEnding(ports, actor, attempts, endingOf(error));
    throw error;
  }
  await noteEnding(ports, actor, attempts, { outcome: 'done', problem: null });
  return result;
};
