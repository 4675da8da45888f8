import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Departure, Founding } from '../../../core/accounts/found-account.ts';
import type { Account } from '../../../core/accounts/manage-account.ts';
import type { Operator } from '../../../core/accounts/operator.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { transact } from '../table/transact.ts';
import { accountRow } from './account-item.ts';
import { readAccountItem } from './account-items.ts';
import { departureKey, IS_NEW, newItem, newMember, OWNERS, parseDeparture } from './operator-items.ts';

/** Names the first account of the deployment, the only one that may be founded if sign-up is closed. */
const FIRST_ACCOUNT = { accountId: 'deployment', itemKey: 'first-account' } as const;

export interface AccountTables {
  readonly accounts: string;
  readonly items: string;
}

/** Creates accounts. */
export class FoundingStore implements Founding {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: AccountTables;

  constructor(client: DynamoDBDocumentClient, tables: AccountTables) {
    this.#client = client;
    this.#tables = tables;
  }

  async isFirst(): Promise<boolean> {
    if ((await readAccountItem(this.#client, this.#tables.items, FIRST_ACCOUNT)) !== undefined) return false;
    return !(await this.#hasAccount());
  }

  /** If sign-up was open, earlier releases left no record of the first account. */
  async #hasAccount(): Promise<boolean> {
    const accounts = { TableName: this.#tables.accounts, Limit: 1, ConsistentRead: true };
    try {
      for await (const { Items = [] } of paginateScan({ client: this.#client }, accounts)) {
        if (Items.length > 0) return true;
      }
      return false;
    } catch (error) {
      return unavailable('DynamoDB Scan')(error);
    }
  }

  async found(account: Account, owner: Operator, isOnly: boolean): Promise<boolean> {
    const { accounts, items } = this.#tables;
    const { accountId } = account;
    // Also if sign-up is open: a deployment that closes it later has had its first account.
    const first = isOnly
      ? newItem(items, { ...FIRST_ACCOUNT, account: accountId })
      : {
          Update: {
            TableName: items,
            Key: FIRST_ACCOUNT,
            UpdateExpression: 'SET #account = if_not_exists(#account, :account)',
            ExpressionAttributeNames: { '#account': 'account' },
            ExpressionAttributeValues: { ':account': accountId },
          },
        };
    const refusal = await transact(this.#client, {
      account: { Put: { TableName: accounts, Item: accountRow(account), ConditionExpression: IS_NEW } },
      ...newMember(items, owner),
      owners: newItem(items, { accountId, itemKey: OWNERS, owners: 1 }),
      first,
    });
    return refusal === null;
  }

  async readDeparture(operatorId: string): Promise<Departure | null> {
    const item = await readAccountItem(this.#client, this.#tables.items, departureKey(operatorId));
    return item === undefined ? null : parseDeparture(item);
  }
}
