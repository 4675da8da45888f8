import {
  type AccountChange,
  AccountSettings,
  type AccountView,
  FIRST_DEFAULTS,
} from '../../../contract/api/portal/account.ts';
import { type Edits, editsAfter, type Members, mergeEdit, untilWritten } from '../model/edits.ts';
import { Problem } from '../model/problem.ts';
import { type AuditPorts, underAudit } from './audit.ts';
import type { Account } from './manage-account.ts';
import { nameOf, type Operator } from './operator.ts';

export interface OwnAccounts {
  read(accountId: string): Promise<Account | null>;
  /** False if it was changed since `seen` was read. */
  change(seen: Account, settings: AccountSettings, edits: Edits): Promise<boolean>;
}

/** The sender of e-mail to operators. */
export interface MailSender {
  /** Null: the deployment sends none. */
  readonly sender: string | null;
}

export interface AccountPorts extends AuditPorts {
  readonly accounts: OwnAccounts;
  readonly invitationMail: MailSender;
}

const ownAccount = async (ports: AccountPorts, { accountId }: Operator): Promise<Account> => {
  const account = await ports.accounts.read(accountId);
  if (account === null) throw new Problem('no-account', 'a membership without its account');
  return account;
};

const settingsOf = ({ name, defaults }: Account): AccountSettings => ({ name, defaults: defaults ?? FIRST_DEFAULTS });

/** The operator's own account. */
export const readAccount =
  (ports: AccountPorts) =>
  async (operator: Operator): Promise<AccountView> => {
    const account = await ownAccount(ports, operator);
    return { accountId: account.accountId, ...settingsOf(account), emailSender: ports.invitationMail.sender };
  };

/** @throws Problem `invalid-option` that names each member */
const checked = (settings: Members): AccountSettings => {
  const result = AccountSettings.safeParse(settings);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ pointer: `#/${path.join('/')}`, detail: message }));
  throw new Problem('invalid-option', errors.map(({ pointer }) => pointer).join(' '), { errors });
};

/**
 * Changes the account's name, or what new integrations start with. Existing integrations keep theirs.
 * @throws Problem `invalid-option`, `changed-meanwhile`, naming what somebody else changed
 */
export const changeAccount =
  (ports: AccountPorts) =>
  async (operator: Operator, { base, ...change }: AccountChange): Promise<AccountView> => {
    // An edit that changes nothing is not recorded.
    if (Object.keys(change).length === 0) return readAccount(ports)(operator);
    const changeOnce = async (): Promise<boolean> => {
      const account = await ownAccount(ports, operator);
      const before = settingsOf(account);
      const after = checked(mergeEdit(before, account.edits, { change, base, pointer: '#' }));
      const edits = editsAfter(account.edits, before, after, { by: nameOf(operator), at: ports.clock() });
      return edits === null || ports.accounts.change(account, after, edits);
    };
    const detail = Object.keys(change).sort().join(', ');
    await underAudit(ports, operator, { act: 'account-changed', detail }, () => untilWritten(changeOnce));
    return readAccount(ports)(operator);
  };
