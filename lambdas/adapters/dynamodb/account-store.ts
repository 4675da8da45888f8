import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type AccountChange, AccountDefaults } from '../../../contract/api/portal/account.ts';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Account, Accounts } from '../../core/manage-account.ts';
import type { OwnAccounts } from '../../core/portal/account.ts';
import { unavailable } from '../../core/problem.ts';

const AccountItem = z.object({
  accountId: z.string(),
  name: z.string(),
  createdAt: z.number().transform((value) => epochSeconds(value)),
  defaults: AccountDefaults.nullable().default(null),
});

/** Accounts, keyed by their id. */
export class AccountStore implements Accounts, OwnAccounts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async create(account: Account): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: account, ConditionExpression: 'attribute_not_exists(accountId)' }),
    );
  }

  async read(accountId: string): Promise<Account | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: { accountId }, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : AccountItem.parse(Item);
  }

  async change(accountId: string, change: AccountChange): Promise<void> {
    const members = Object.entries(change).filter(([, value]) => value !== undefined);
    if (members.length === 0) return;
    await this.#client
      .send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { accountId },
          UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')}`,
          ConditionExpression: 'attribute_exists(accountId)',
          ExpressionAttributeNames: Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])),
          ExpressionAttributeValues: Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
        }),
      )
      .catch(unavailable('DynamoDB UpdateItem'));
  }
}
