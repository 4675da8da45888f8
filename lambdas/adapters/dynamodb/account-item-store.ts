import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Role } from '../../../contract/api/portal/permissions.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Account } from '../../core/manage-account.ts';
import type { Operator, Operators } from '../../core/portal/operator.ts';
import { unavailable } from '../../core/problem.ts';
import { toRow } from './to-row.ts';
import { type TransactItems, transact } from './transact.ts';

const Seconds = z.number().transform((value) => epochSeconds(value));
export const OperatorItem = z.object({
  operatorId: z.string(),
  accountId: z.string(),
  email: z.string().nullable().default(null),
  role: Role,
  since: Seconds,
  roleEdit: z
    .object({ by: z.string().nullable().default(null), at: Seconds })
    .nullable()
    .default(null),
});
export interface AccountTables {
  readonly accounts: string;
  readonly items: string;
}

/** A person's way to the account: `person#{operatorId}` as partition, so that signing in is one read. */
export const membershipKey = (operatorId: string) => ({ accountId: `person#${operatorId}`, itemKey: 'membership' });
export const operatorKey = ({ accountId, operatorId }: Pick<Operator, 'accountId' | 'operatorId'>) => ({
  accountId,
  itemKey: `operator#${operatorId}`,
});
/** Claimed by the first account of a deployment whose sign-up is closed. */
const FIRST_ACCOUNT = { accountId: 'deployment', itemKey: 'first-account' } as const;

/** Row of an account that counts its owners. */
export const OWNERS = 'owners';
const IS_NEW = 'attribute_not_exists(accountId)';

const newItem = (table: string, Item: Record<string, unknown>): TransactItems[number] => ({
  Put: { TableName: table, Item, ConditionExpression: IS_NEW },
});

/** A person's two rows: the way from the person to the account, and the account's own list. */
const newMember = (table: string, operator: Operator): TransactItems => [
  newItem(table, { ...membershipKey(operator.operatorId), operator: toRow(operator) }),
  newItem(table, { ...operatorKey(operator), operator: toRow(operator) }),
];

/** Rows of a person who joins an account that stands; and one more owner, if so. */
export const membershipRows = (table: string, operator: Operator): TransactItems => [
  ...newMember(table, operator),
  ...(operator.role === 'owner'
    ? [
        {
          Update: {
            TableName: table,
            Key: { accountId: operator.accountId, itemKey: OWNERS },
            UpdateExpression: 'ADD owners :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ]
    : []),
];

/** Operators: items of an account, under their own kind. */
export class AccountItemStore implements Operators {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: AccountTables;

  constructor(client: DynamoDBDocumentClient, tables: AccountTables) {
    this.#client = client;
    this.#tables = tables;
  }

  async find(operatorId: string): Promise<Operator | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#tables.items, Key: membershipKey(operatorId), ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : OperatorItem.parse(Item['operator']);
  }

  async found(account: Account, owner: Operator, isOnly: boolean): Promise<boolean> {
    const { accounts, items } = this.#tables;
    const refusal = await transact(this.#client, [
      { Put: { TableName: accounts, Item: toRow(account), ConditionExpression: IS_NEW } },
      ...newMember(items, owner),
      newItem(items, { accountId: account.accountId, itemKey: OWNERS, owners: 1 }),
      ...(isOnly ? [newItem(items, { ...FIRST_ACCOUNT, account: account.accountId })] : []),
    ]);
    return refusal === null;
  }

  async join(operator: Operator): Promise<boolean> {
    const refusal = await transact(this.#client, membershipRows(this.#tables.items, operator));
    return refusal === null;
  }
}
