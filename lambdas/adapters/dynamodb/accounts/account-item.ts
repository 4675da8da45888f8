import * as z from 'zod';
import { AccountDefaults } from '../../../../contract/api/portal/account.ts';
import type { Account } from '../../../core/accounts/manage-account.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { EditsMember, orNull, Seconds } from '../table/item-members.ts';

const accountItem = defineItem<Account>(() =>
  objectOf<Account>()({
    accountId: z.string(),
    name: z.string(),
    createdAt: Seconds,
    defaults: orNull(AccountDefaults),
    edits: EditsMember,
  }),
);

/** @throws ZodError if the row is not an account */
export const parseAccount = accountItem.read;

/** A new account's row. */
export const accountRow = accountItem.write;
