import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Role } from '../../../contract/api/portal/operator.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Account } from '../../core/manage-account.ts';
import type { Operator, Operators } from '../../core/portal/operator.ts';
import { unavailable } from '../../core/problem.ts';
import { toRow } from './items.ts';
import { type TransactItems, transact } from './transact.ts';

const Seconds = z.number().transform((value) => epochSeconds(value));
const OperatorItem = z.object({
  operatorId: z.string(),
  accountId: z.string(),
  email: z.string().nullable().default(null),
  role: Role,
  since: Seconds,
});
const AccountItem = z.object({ accountId: z.string(), name: z.string(), createdAt: Seconds });

export interface AccountTables {
  readonly accounts: string;
  readonly items: string;
}

/** A person's way to the account: `person#{operatorId}` as partition, so that signing in is one read. */
const membershipKey = (operatorId: string) => ({ accountId: `person#${operatorId}`, itemKey: 'membership' });
const operatorKey = ({ accountId, operatorId }: Pick<Operator, 'accountId' | 'operatorId'>) => ({
  accountId,
  itemKey: `operator#${operatorId}`,
});
/** Claimed by the first account of a deployment whose sign-up is closed. */
const FIRST_ACCOUNT = { accountId: 'deployment', itemKey: 'first-account' } as const;

const IS_NEW = 'attribute_not_exists(accountId)';

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

  async readAccount(accountId: string): Promise<Account | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#tables.accounts, Key: { accountId }, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : AccountItem.parse(Item);
  }

  async found(account: Account, owner: Operator, isOnly: boolean): Promise<boolean> {
    const refusal = await transact(this.#client, [
      { Put: { TableName: this.#tables.accounts, Item: account, ConditionExpression: IS_NEW } },
      ...this.#membership(owner),
      ...(isOnly ? [this.#newItem({ ...FIRST_ACCOUNT, account: account.accountId })] : []),
    ]);
    return refusal === null;
  }

  async join(operator: Operator): Promise<boolean> {
    const refusal = await transact(this.#client, this.#membership(operator));
    return refusal === null;
  }

  /** A person's two rows: the way from the person to the account, and the account's own list. */
  #membership(operator: Operator): TransactItems {
    return [
      this.#newItem({ ...membershipKey(operator.operatorId), operator: toRow(operator) }),
      this.#newItem({ ...operatorKey(operator), operator: toRow(operator) }),
    ];
  }

  #newItem(Item: Record<string, unknown>): TransactItems[number] {
    return { Put: { TableName: this.#tables.items, Item, ConditionExpression: IS_NEW } };
  }
}
