import { createHash, randomUUID } from 'node:crypto';
import {
  FRESH_PERMISSIONS,
  PERMISSION_ROLES,
  type Permission,
  type Role,
} from '../../../contract/api/portal/permissions.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type FieldEdit, NO_EDITS } from '../edits.ts';
import type { Account } from '../manage-account.ts';
import type { Clock } from '../ports.ts';
import { Problem } from '../problem.ts';

/** Who a verified token of the portal's issuer speaks of. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  /** When the person last proved who they are. */
  readonly authenticatedAt: EpochSeconds;
}

export interface Operator {
  /** Derived from issuer and subject. */
  readonly operatorId: string;
  readonly accountId: string;
  readonly email: string | null;
  readonly role: Role;
  readonly since: EpochSeconds;
  /** Who gave the person this role; null where it is that of the invitation, or not on record. */
  readonly roleEdit?: FieldEdit | null;
}

/** How records name an operator. */
export const nameOf = ({ email, operatorId }: Pick<Operator, 'email' | 'operatorId'>): string => email ?? operatorId;

export interface Operators {
  /** The membership of a person, or null. */
  find(operatorId: string): Promise<Operator | null>;
  /**
   * Makes an account with its first owner, in one transaction.
   * @param isOnly true: only if no account exists at all
   * @returns false if the person has an account already, or another account exists and `isOnly`
   */
  found(account: Account, owner: Operator, isOnly: boolean): Promise<boolean>;
  /** Adds a person to an account that stands. False if they belong to one already. */
  join(operator: Operator): Promise<boolean>;
}

export interface SignInPorts {
  readonly operators: Operators;
  readonly clock: Clock;
  /** Whether anybody who signs in may make an account. Closed: the very first person alone. */
  readonly isSignUpOpen: boolean;
}

/** The same person at another issuer is another operator. */
export const operatorIdOf = ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string =>
  createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 32);

const accountName = (email: string | null): string => email?.split('@')[1] ?? 'My organisation';

/**
 * The operator behind a sign-in. The first sign-in of a person makes an account, where that is allowed.
 * @throws Problem `no-account`
 */
export const findOperator =
  (ports: SignInPorts) =>
  async (identity: Identity): Promise<Operator> => {
    const operatorId = operatorIdOf(identity);
    const known = await ports.operators.find(operatorId);
    if (known !== null) return known;
    const now = ports.clock();
    const account: Account = {
      accountId: `acc_${randomUUID()}`,
      name: accountName(identity.email),
      createdAt: now,
      edits: NO_EDITS,
    };
    const { accountId } = account;
    const owner: Operator = { operatorId, accountId, email: identity.email, role: 'owner', since: now };
    if (await ports.operators.found(account, owner, !ports.isSignUpOpen)) return owner;
    // Made by a parallel request of the same person, or not allowed.
    const standing = await ports.operators.find(operatorId);
    if (standing === null) throw new Problem('no-account', 'sign-up is closed and there was no invitation');
    return standing;
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
