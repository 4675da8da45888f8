import { createHash } from 'node:crypto';
import {
  FRESH_PERMISSIONS,
  PERMISSION_ROLES,
  type Permission,
  type Role,
} from '../../../contract/api/portal/permissions.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { FieldEdit } from '../model/edits.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';

/** Whom a verified token of the portal's issuer identifies. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  /** When they last authenticated. */
  readonly authenticatedAt: EpochSeconds;
}

export interface Operator {
  /** Derived from issuer and subject. */
  readonly operatorId: string;
  readonly accountId: string;
  readonly email: string | null;
  readonly role: Role;
  readonly since: EpochSeconds;
  /** Who gave the operator this role; null if it is that of the invitation, or not on record. */
  readonly roleEdit?: FieldEdit | null;
}

/** The name of an operator in records. */
export const nameOf = ({ email, operatorId }: Pick<Operator, 'email' | 'operatorId'>): string => email ?? operatorId;

export interface Operators {
  /** The membership of an operator, or null. */
  find(operatorId: string): Promise<Operator | null>;
}

export interface SignInPorts {
  readonly operators: Operators;
  readonly clock: Clock;
}

/** The same human at another issuer is another operator. */
export const operatorIdOf = ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string =>
  createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 32);

/**
 * The operator behind a sign-in. Nobody becomes one merely by calling: an account is founded (found-account.ts) or joined by invitation
 * (members.ts), each an explicit action.
 * @throws Problem `no-account`
 */
export const findOperator =
  ({ operators }: Pick<SignInPorts, 'operators'>) =>
  async (identity: Identity): Promise<Operator> => {
    const operator = await operators.find(operatorIdOf(identity));
    if (operator === null) throw new Problem('no-account', 'the operator belongs to no account');
    return operator;
  };

/** How old a sign-in may be for secrets and deletions. */
const FRESH_SECONDS = 5 * 60;

/** @throws Problem `role-not-allowed`, `reauthentication-required` */
export const checkPermission = (
  operator: Operator,
  identity: Identity,
  permission: Permission,
  now: EpochSeconds,
): void => {
  if (!PERMISSION_ROLES[permission].includes(operator.role))
    throw new Problem('role-not-allowed', `${operator.role} asks`);
  if (!FRESH_PERMISSIONS.includes(permission)) return;
  if (now - identity.authenticatedAt > FRESH_SECONDS) {
    throw new Problem('reauthentication-required', 'the sign-in is too old');
  }
};
