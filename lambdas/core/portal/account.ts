import { type AccountChange, type AccountView, FIRST_DEFAULTS } from '../../../contract/api/portal/account.ts';
import type { Account } from '../manage-account.ts';
import { Problem } from '../problem.ts';
import { type AuditPorts, noteAct } from './audit.ts';
import type { Operator } from './operator.ts';

export interface OwnAccounts {
  read(accountId: string): Promise<Account | null>;
  /** Only what is given changes. */
  change(accountId: string, change: AccountChange): Promise<void>;
}

/** What e-mail to operators comes from. */
export interface MailSender {
  /** Null: the deployment sends none. */
  readonly sender: string | null;
}

export interface AccountPorts extends AuditPorts {
  readonly accounts: OwnAccounts;
  readonly invitationMail: MailSender;
}

/** The operator's own account. */
export const readAccount =
  (ports: AccountPorts) =>
  async ({ accountId }: Operator): Promise<AccountView> => {
    const account = await ports.accounts.read(accountId);
    if (account === null) throw new Problem('no-account', 'a membership without its account');
    return {
      accountId,
      name: account.name,
      defaults: account.defaults ?? FIRST_DEFAULTS,
      emailSender: ports.invitationMail.sender,
    };
  };

/**
 * Changes the account's name, or what new integrations start with; integrations that stand keep theirs. A change of nothing is no
 * act.
 */
export const changeAccount =
  (ports: AccountPorts) =>
  async (operator: Operator, change: AccountChange): Promise<AccountView> => {
    if (Object.keys(change).length === 0) return readAccount(ports)(operator);
    await noteAct(ports, operator, 'account-changed', { detail: Object.keys(change).sort().join(', ') });
    await ports.accounts.change(operator.accountId, change);
    return readAccount(ports)(operator);
  };
