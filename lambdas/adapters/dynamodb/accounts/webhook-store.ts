import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unavailable } from '../../../core/model/problem.ts';
import { newestOf } from '../../../core/model/rotation.ts';
import type { Webhook, Webhooks } from '../../../core/model/webhook.ts';
import { editsAsSeen } from '../table/item-members.ts';
import { listAccountItems, readAccountItem } from './account-items.ts';
import { parseWebhook, webhookMembers, webhookRow } from './webhook-item.ts';

const PREFIX = 'webhook#';
const keyOf = ({ accountId, webhookId }: Pick<Webhook, 'accountId' | 'webhookId'>) => ({
  accountId,
  itemKey: `${PREFIX}${webhookId}`,
});

/** Webhooks: items of their account. */
export class WebhookStore implements Webhooks {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async list(accountId: string): Promise<readonly Webhook[]> {
    const items = await listAccountItems(this.#client, this.#table, accountId, PREFIX);
    return items.map(parseWebhook);
  }

  async read(accountId: string, webhookId: string): Promise<Webhook | null> {
    const item = await readAccountItem(this.#client, this.#table, keyOf({ accountId, webhookId }));
    return item === undefined ? null : parseWebhook(item);
  }

  async create(webhook: Webhook): Promise<void> {
    await this.#client
      .send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(webhook), ...webhookRow(webhook) },
          ConditionExpression: 'attribute_not_exists(itemKey)',
        }),
      )
      .catch(unavailable('DynamoDB PutItem'));
  }

  change(seen: Webhook, change: Parameters<Webhooks['change']>[1]): Promise<boolean> {
    const values = { ':newest': newestOf(seen.secrets) };
    return this.#update(seen, change, { condition: 'newestSecret = :newest', values });
  }

  edit(seen: Webhook, change: Parameters<Webhooks['edit']>[1]): Promise<boolean> {
    const { condition, values } = editsAsSeen(seen.edits);
    return this.#update(seen, change, { condition: `attribute_exists(itemKey) AND ${condition}`, values });
  }

  /** False if the condition does not hold. */
  async #update(
    webhook: Webhook,
    change: Partial<Webhook>,
    { condition, values }: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
  ): Promise<boolean> {
    const members = Object.entries(webhookMembers(change));
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(webhook),
          UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
            ...values,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }

  async remove(accountId: string, webhookId: string): Promise<void> {
    await this.#client
      .send(new DeleteCommand({ TableName: this.#table, Key: keyOf({ accountId, webhookId }) }))
      .catch(unavailable('DynamoDB DeleteItem'));
  }
}
