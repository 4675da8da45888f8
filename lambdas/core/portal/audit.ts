import type { AuditEntry } from '../../../contract/api/portal/operator.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { orderedId } from '../ordered-id.ts';
import type { Clock } from '../ports.ts';
import type { Page } from './bounded-page.ts';
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

/** Acts of operators. There is no way to change or remove an entry. */
export interface AuditLog {
  /** Fails if the entry exists. */
  append(accountId: string, entry: AuditEntry): Promise<void>;
}

/** Beside the log: those who only note acts need not load what reads them. */
export interface AuditReader {
  /** Newest first; a page may be short and still go on. */
  page(
    accountId: string,
    query: { readonly filter: AuditFilter; readonly after: string | null; readonly limit: number },
  ): Promise<Page<AuditEntry>>;
}

export interface AuditPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
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
  'user-enrolment-required',
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

export interface ActTarget {
  readonly integrationId?: string;
  readonly externalId?: string;
  readonly detail?: string;
}

/** Notes an act before it is done: no act is without its entry, whatever fails afterwards. */
export const noteAct = async (ports: AuditPorts, actor: Actor, act: Act, target: ActTarget): Promise<void> =>
  ports.audit.append(actor.accountId, {
    entryId: orderedId(),
    at: ports.clock(),
    operatorId: actor.operatorId,
    email: actor.email,
    act,
    integrationId: target.integrationId ?? null,
    externalId: target.externalId ?? null,
    detail: target.detail ?? null,
  });
