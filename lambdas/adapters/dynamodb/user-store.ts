import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Users } from '../../core/ports.ts';
import { unavailable } from '../../core/problem.ts';
import type { User } from '../../core/user.ts';
import { parseUser } from './items.ts';

/** People, keyed by integration and External ID. Their rows change in the session store's transactions only. */
export class UserStore implements Users {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(integrationId: string, externalId: string): Promise<User | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: { integrationId, externalId }, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseUser(Item);
  }
}
