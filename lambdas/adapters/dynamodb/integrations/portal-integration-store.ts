import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ChangeOptions } from '../../../core/integrations/manage-integration.ts';
import type { PortalIntegrations } from '../../../core/integrations/portal-integrations.ts';
import type { ConsentVersion } from '../../../core/model/consent-version.ts';
import type { Integration, KeyGeneration } from '../../../core/model/integration.ts';
import { Problem, unavailable } from '../../../core/model/problem.ts';
import { listAccountItems } from '../accounts/account-items.ts';
import { batchGet } from '../table/batch-get.ts';
import { transact } from '../table/transact.ts';
import { consentPuts, readConsent, sliceOfConsents } from './consent-items.ts';
import { integrationRow, parseIntegration, rotatedKeys } from './integration-item.ts';
import { IntegrationStore } from './integration-store.ts';
import { changeOptionsIn } from './option-change.ts';

const PREFIX = 'integration#';

/** An integration's place in the list of its account. */
export const listingKey = ({ accountId, integrationId }: Pick<Integration, 'accountId' | 'integrationId'>) => ({
  accountId,
  itemKey: `${PREFIX}${integrationId}`,
});

type ConsentOwner = Pick<Integration, 'accountId' | 'integrationId'>;

/** Integrations with the list of each account, for operators; logins only read by id. */
export class PortalIntegrationStore extends IntegrationStore implements PortalIntegrations {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #items: string;
  readonly changeOptions: ChangeOptions;

  constructor(client: DynamoDBDocumentClient, tables: { readonly integrations: string; readonly items: string }) {
    super(client, tables.integrations);
    this.#client = client;
    this.#table = tables.integrations;
    this.#items = tables.items;
    this.changeOptions = changeOptionsIn(client, tables);
  }

  async create(integration: Integration, consent: ConsentVersion): Promise<void> {
    const refusal = await transact(this.#client, {
      integration: {
        Put: {
          TableName: this.#table,
          Item: integrationRow(integration),
          ConditionExpression: 'attribute_not_exists(integrationId)',
        },
      },
      listing: { Put: { TableName: this.#items, Item: listingKey(integration) } },
      ...consentPuts(this.#items, integration, consent),
    });
    if (refusal !== null) throw new Problem('unavailable', 'the id of a new integration was taken');
  }

  async list(accountId: string): Promise<readonly Integration[]> {
    const items = await listAccountItems(this.#client, this.#items, accountId, PREFIX);
    const ids = items.map(({ itemKey }) => String(itemKey).slice(PREFIX.length));
    const rows = await batchGet(
      this.#client,
      this.#table,
      ids.map((integrationId) => ({ integrationId })),
    );
    return rows.map(parseIntegration);
  }

  async newestConsent(integration: ConsentOwner): Promise<ConsentVersion | null> {
    const { rows } = await this.consents(integration, { after: null, want: 1 });
    return rows[0]?.row ?? null;
  }

  consents(integration: ConsentOwner, from: { readonly after: string | null; readonly want: number }) {
    return sliceOfConsents(this.#client, this.#items, integration, from);
  }

  consent(integration: ConsentOwner, version: string): Promise<ConsentVersion | null> {
    return readConsent(this.#client, this.#items, integration, version);
  }

  async changeKeys(integrationId: string, newest: number, keys: readonly KeyGeneration[]): Promise<boolean> {
    const last = newestPlace(keys, newest);
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { integrationId },
          UpdateExpression: 'SET #keys = :keys, newestKey = :next',
          ConditionExpression: `attribute_exists(integrationId) AND ${isNewest(newest)}`,
          ExpressionAttributeNames: { '#keys': 'keys' },
          ExpressionAttributeValues: {
            ':keys': rotatedKeys(keys),
            ':next': last,
            ':newest': newest,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }
}

/**
 * The counter makes parallel rotations collide; an integration that was never rotated has none. This is decided here since DynamoDB
 * refuses a condition that compares two values of the request.
 */
const isNewest = (newest: number): string =>
  newest === 1 ? '(newestKey = :newest OR attribute_not_exists(newestKey))' : 'newestKey = :newest';

const newestPlace = (keys: readonly KeyGeneration[], before: number): number =>
  Math.max(before, ...keys.map(({ generation }) => generation));
