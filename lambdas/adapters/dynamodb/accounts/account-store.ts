import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountSettings } from '../../../../contract/api/portal/account.ts';
import type { OwnAccounts } from '../../../core/accounts/account.ts';
import type { Account, Accounts } from '../../../core/accounts/manage-account.ts';
import type { Edits } from '../../../core/model/edits.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { editsAsSeen } from '../table/item-members.ts';
import { accountRow, parseAccount } from './account-item.ts';

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
      new PutCommand({
        TableName: this.#table,
        Item: accountRow(account),
        ConditionExpression: 'attribute_not_exists(accountId)',
      }),
    );
  }

  async read(accountId: string): Promise<Account | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: { accountId }, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseAccount(Item);
  }

  async change(seen: Account, { name, defaults }: AccountSettings, edits: Edits): Promise<boolean> {
    const asSeen = editsAsSeen(seen.edits);
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { accountId: seen.accountId },
          UpdateExpression: 'SET #name = :name, defaults = :defaults, edits = :edits',
          ConditionExpression: `attribute_exists(accountId) AND ${asSeen.condition}`,
          ExpressionAttributeNames: { '#name': 'name' },
          ExpressionAttributeValues: { ':name': name, ':defaults': defaults, ':edits': edits, ...asSeen.values },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }
}
