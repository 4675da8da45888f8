import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Account, Accounts } from '../../core/manage-account.ts';

/** Accounts, keyed by their id. */
export class AccountStore implements Accounts {
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
}
