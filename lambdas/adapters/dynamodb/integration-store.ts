import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Integration, IntegrationOptions } from '../../core/integration.ts';
import type { IntegrationAdministration } from '../../core/manage-integration.ts';
import { unavailable } from '../../core/problem.ts';
import { parseIntegration, toRow } from './items.ts';

/** Writes options over those of an integration that is there. */
export const optionsUpdate = (table: string, integrationId: string, options: Partial<IntegrationOptions>) => {
  const members = Object.entries(options);
  return {
    TableName: table,
    Key: { integrationId },
    UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')}`,
    ConditionExpression: 'attribute_exists(integrationId)',
    ExpressionAttributeNames: Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
  };
};

/** Integrations, keyed by their id. */
export class IntegrationStore implements IntegrationAdministration {
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

  async create(integration: Integration): Promise<void> {
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: toRow(integration),
        ConditionExpression: 'attribute_not_exists(integrationId)',
      }),
    );
  }

  async changeOptions(integrationId: string, options: Partial<IntegrationOptions>): Promise<boolean> {
    try {
      await this.#client.send(new UpdateCommand(optionsUpdate(this.#table, integrationId, options)));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
