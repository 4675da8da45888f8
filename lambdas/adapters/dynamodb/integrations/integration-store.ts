import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Integration, Integrations } from '../../../core/model/integration.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { parseIntegration } from './integration-item.ts';

/** Integrations as logins read them, by id. */
export class IntegrationStore implements Integrations {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(integrationId: string): Promise<Integration | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: { integrationId }, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseIntegration(Item);
  }
}
