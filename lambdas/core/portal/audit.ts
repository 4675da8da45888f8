import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../../contract/api/portal/operator.ts';
import type { Clock } from '../ports.ts';
import type { Operator } from './operator.ts';

/** Acts of operators. There is no way to change or remove an entry. */
export interface AuditLog {
  /** Fails if the entry exists. */
  append(accountId: string, entry: AuditEntry): Promise<void>;
  /** Newest first. */
  page(
    accountId: string,
    limit: number,
    cursor: string | null,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly cursor: string | null }>;
}

export interface AuditPorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
}

export type Act =
  | 'integration-created'
  | 'integration-changed'
  | 'integration-deleted'
  | 'secret-rotated'
  | 'user-unlocked'
  | 'user-deleted'
  | 'api-key-created'
  | 'api-key-revoked';

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
    entryId: randomUUID(),
    at: ports.clock(),
    operatorId: actor.operatorId,
    email: actor.email,
    act,
    integrationId: target.integrationId ?? null,
    externalId: target.externalId ?? null,
    detail: target.detail ?? null,
  });
