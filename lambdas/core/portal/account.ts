import { type AccountChange, type AccountView, FIRST_DEFAULTS } from '../../../contract/api/portal/account.ts';
import { Problem } from '../problem.ts';
import { type AuditPorts, noteAct } from './audit.ts';
import type { Operator, Operators } from './operator.ts';

export interface AccountPorts extends AuditPorts {
  readonly operators: Operators;
}

/** The operator's own account. */
export const readAccount =
  (ports: AccountPorts) =>
  async ({ accountId }: Operator): Promise<AccountView> => {
    const account = await ports.operators.readAccount(accountId);
    if (account === null) throw new Problem('no-account', 'a membership without its account');
    return { accountId, name: account.name, defaults: account.defaults ?? FIRST_DEFAULTS };
  };

/** Changes the account's name, or what new integrations start with; integrations that stand keep theirs. */
export const changeAccount =
  (ports: AccountPorts) =>
  async (operator: Operator, change: AccountChange): Promise<AccountView> => {
    await noteAct(ports, operator, 'account-changed', { detail: Object.keys(change).sort().join(', ') });
    await ports.operators.changeAccount(operator.accountId, change);
    return readAccount(ports)(operator);
  };
