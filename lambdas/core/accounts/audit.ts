import type { AuditEntry } from '../../../contract/api/portal/operator.ts';
import { PROBLEMS } from '../../../contract/api/problems.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { orderedId } from '../model/ordered-id.ts';
import type { Page } from '../model/page.ts';
import type { Clock, Log } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import type { Operator } from './operator.ts';

/** What is asked for; null asks for everything. Times are included. */
export interface AuditFilter {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly act: string | null;
  /** E-mail of the operator, as it was then. */
  readonly email: string | null;
  readonly integrationId: string | null;
  readonly externalId: string | null;
}

/**
 * Acts of operators. There is no way to change or remove an entry: an act is an entry that says `attempted`, and a second one of the
 * same id that says how it ended. Only `underAudit` writes here.
 */
export interface AuditLog {
  /** Fails if the act has this entry: one that says `attempted`, or one that says how it ended. */
  append(accountId: string, entry: AuditEntry): Promise<void>;
}

/** Beside the log: those who only note acts need not load what reads them. */
export interface AuditReader {
  /** Newest first, each act once, with its outcome if there is one; a page may be short and still go on. */
  page(
    accountId: string,
    query: { readonly filter: AuditFilter; readonly after: string | null; readonly limit: number },
  ): Promise<Page<AuditEntry>>;
}

export interface AuditPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every act that is noted; the portal has words for each (web/portal/text/en/audit.ts). */
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

/** Who acts: an operator, or a backend by its API key (`key:{keyId}`). */
export type Actor = Pick<Operator, 'accountId' | 'operatorId' | 'email'>;

/** What somebody sets about to do, and to what. */
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

/** A refusal is the caller's to mend and changed nothing. After any other error nobody knows what took effect. */
const endingOf = (error: unknown): Ending => {
  const code = error instanceof Problem ? error.code : 'internal-error';
  return { outcome: PROBLEMS[code].status < 500 ? 'refused' : 'failed', problem: code };
};

/** An entry that cannot be written must not turn what was done into an error: the act then stands as `attempted`, which is true. */
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
 * Carries out an act of an operator, or of a backend by its key, under the audit log: the one way to note an act, so that none is
 * noted without its outcome. It is on record before anything happens; where that fails, nothing happens.
 * @param acts one act, or those that one change is
 * @param carryOut changes all or nothing: whatever it refuses by a Problem with a status below 500 has had no effect. What is read
 *   for the answer afterwards stays outside
 * @throws whatever `carryOut` throws; Problem `unavailable` if the act cannot be put on record
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
