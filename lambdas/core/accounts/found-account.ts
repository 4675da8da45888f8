import { randomUUID } from 'node:crypto';
import type { Newcomer } from '../../../contract/api/portal/newcomer.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { NO_EDITS } from '../model/edits.ts';
import { Problem } from '../model/problem.ts';
import type { OwnAccounts } from './account.ts';
import { type AuditPorts, underAudit } from './audit.ts';
import type { Account } from './manage-account.ts';
import { type Identity, type Operator, type Operators, operatorIdOf } from './operator.ts';

/** How an operator left their last account. */
export interface Departure {
  readonly accountId: string;
  readonly at: EpochSeconds;
  /** `removed`: by an owner. */
  readonly how: 'removed' | 'left';
}

export interface Founding {
  /** True if no account was ever founded. */
  isFirst(): Promise<boolean>;
  /**
   * Creates an account with its first owner, in one transaction.
   * @param isOnly true: only if no account exists at all
   * @returns false if the operator belongs to an account already, or `isOnly` and another account exists
   */
  found(account: Account, owner: Operator, isOnly: boolean): Promise<boolean>;
  /** Null: the operator was in no account, or is in one. */
  readDeparture(operatorId: string): Promise<Departure | null>;
}

/**
 * Who may found an account. `open`: whoever signs in. `closed`: only the very first operator. `never`: nobody, as in a standby stage, whose
 * accounts are those of the stage that it stands by for.
 */
export type SignUp = 'open' | 'closed' | 'never';

export interface FoundAccountPorts extends AuditPorts {
  readonly operators: Operators;
  readonly accounts: OwnAccounts;
  readonly founding: Founding;
  readonly signUp: SignUp;
}

const accountName = (email: string | null): string => email?.split('@')[1] ?? 'My organisation';

const mayFound = async ({ founding, signUp }: FoundAccountPorts): Promise<boolean> =>
  signUp === 'open' || (signUp === 'closed' && (await founding.isFirst()));

/**
 * What an operator who is signed in and belongs to no account can do, and how they left their last account.
 * @throws Problem `already-member`
 */
export const describeNewcomer =
  (ports: FoundAccountPorts) =>
  async (identity: Identity): Promise<Newcomer> => {
    const operatorId = operatorIdOf(identity);
    if ((await ports.operators.find(operatorId)) !== null) throw new Problem('already-member', 'belongs to an account');
    const departure = await ports.founding.readDeparture(operatorId);
    const account = departure === null ? null : await ports.accounts.read(departure.accountId);
    return {
      email: identity.email,
      mayFound: await mayFound(ports),
      departure:
        departure === null ? null : { accountName: account?.name ?? null, at: departure.at, how: departure.how },
    };
  };

/**
 * Creates an account with the operator as its owner, only on explicit request: whoever was removed from an account and merely returns
 * to the portal founds nothing, and can be invited again. Two requests, even concurrent ones, create one account.
 * @throws Problem `no-account` if sign-up is closed and there is an account
 */
export const foundAccount =
  (ports: FoundAccountPorts) =>
  async (identity: Identity): Promise<Operator> => {
    const operatorId = operatorIdOf(identity);
    const known = await ports.operators.find(operatorId);
    if (known !== null) return known;
    const refuse = (): never => {
      throw new Problem('no-account', 'sign-up is closed and there was no invitation');
    };
    // Checked before the action is recorded: otherwise, operators who may not found an account could fill the audit log with accounts
    // that do not exist.
    if (!(await mayFound(ports))) refuse();
    const { email } = identity;
    const now = ports.clock();
    const accountId = `acc_${randomUUID()}`;
    const account: Account = { accountId, name: accountName(email), createdAt: now, edits: NO_EDITS };
    const owner: Operator = { operatorId, accountId, email, role: 'owner', since: now };
    const makeAccount = async (): Promise<void> => {
      const isFounded = await ports.founding.found(account, owner, ports.signUp !== 'open');
      if (!isFounded)
        throw new Problem('already-member', 'by a parallel request of the same operator, or another one was first');
    };
    try {
      await underAudit(ports, owner, { act: 'account-founded', detail: account.name }, makeAccount);
      return owner;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'already-member') throw error;
      return (await ports.operators.find(operatorId)) ?? refuse();
    }
  };
