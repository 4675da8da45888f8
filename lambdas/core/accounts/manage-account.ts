import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { AccountDefaults } from '../../../contract/api/portal/account.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type Edits, NO_EDITS } from '../model/edits.ts';
import type { Clock } from '../model/ports.ts';

/** An organization's place in the service; every integration belongs to one. */
export interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly createdAt: EpochSeconds;
  /** Null: the product's defaults. */
  readonly defaults?: AccountDefaults | null;
  /** The edits of name and defaults. */
  readonly edits: Edits;
}

export interface Accounts {
  /** Fails if the id exists. */
  create(account: Account): Promise<void>;
}

const Name = z.string().trim().min(1).max(80);

/**
 * Creates an account.
 * @throws ZodError if the name is empty or longer than 80 characters
 */
export const createAccount =
  (ports: { readonly accounts: Accounts; readonly clock: Clock }) =>
  async (name: string): Promise<Account> => {
    const account = {
      accountId: `acc_${randomUUID()}`,
      name: Name.parse(name),
      createdAt: ports.clock(),
      edits: NO_EDITS,
    };
    await ports.accounts.create(account);
    return account;
  };
