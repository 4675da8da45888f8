import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { ApiKeyLookup } from '../../../core/api-keys/caller.ts';
import type { ApiKeys } from '../../../core/api-keys/manage-api-keys.ts';
import type { KeyMinutes } from '../../../core/api-keys/throttle.ts';
import type { ApiKey } from '../../../core/model/api-key.ts';
import { Problem, unavailable } from '../../../core/model/problem.ts';
import type { EventJob } from '../../../core/model/webhook.ts';
import { jobPut } from '../jobs/job-store.ts';
import { transact } from '../table/transact.ts';
import { listAccountItems, readAccountItem } from './account-items.ts';
import { apiKeyRow, parseApiKey } from './api-key-item.ts';

const Owner = z.object({ owner: z.string() });

const PREFIX = 'api-key#';
const keyOf = ({ accountId, keyId }: Pick<ApiKey, 'accountId' | 'keyId'>) => ({
  accountId,
  itemKey: `${PREFIX}${keyId}`,
});
/** Leads from a key to its account: `key#{keyId}` as partition. */
const lookupKey = (keyId: string) => ({ accountId: `key#${keyId}`, itemKey: 'owner' });

/** API keys: items of their account, and rows that lead there from a key's id. */
export class ApiKeyStore implements ApiKeys, ApiKeyLookup, KeyMinutes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #jobs: string;

  constructor(client: DynamoDBDocumentClient, tables: { readonly items: string; readonly jobs: string }) {
    this.#client = client;
    this.#table = tables.items;
    this.#jobs = tables.jobs;
  }

  async find(keyId: string): Promise<ApiKey | null> {
    const way = await readAccountItem(this.#client, this.#table, lookupKey(keyId));
    if (way === undefined) return null;
    const item = await readAccountItem(this.#client, this.#table, keyOf({ accountId: Owner.parse(way).owner, keyId }));
    return item === undefined ? null : parseApiKey(item);
  }

  async noteUse(key: ApiKey, at: EpochSeconds): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(key),
          UpdateExpression: 'SET lastUsedAt = :at',
          ConditionExpression: 'attribute_exists(keyId) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt < :at)',
          ExpressionAttributeValues: { ':at': at },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async lease(
    { keyId }: Pick<ApiKey, 'keyId'>,
    { minute, count, limit, isFirst }: Parameters<KeyMinutes['lease']>[1],
  ): Promise<boolean> {
    const beginMinute = async () =>
      (await this.#use(keyId, {
        UpdateExpression: 'SET usedIn = :minute, used = :count',
        ConditionExpression: 'attribute_exists(itemKey) AND (attribute_not_exists(usedIn) OR usedIn < :minute)',
        ExpressionAttributeValues: { ':minute': minute, ':count': count },
      })) === null;
    // A row with a later minute was written by an instance whose clock is ahead.
    const addToMinute = () =>
      this.#use(keyId, {
        UpdateExpression: 'SET used = used + :count',
        ConditionExpression: 'usedIn >= :minute AND used <= :most',
        ExpressionAttributeValues: { ':minute': minute, ':count': count, ':most': limit - count },
      });
    if (isFirst && count <= limit && (await beginMinute())) return true;
    const refused = await addToMinute();
    if (refused === null) return true;
    const isOver = refused.row !== null && Number(refused.row['usedIn'] ?? 0) < minute;
    return isOver && count <= limit && ((await beginMinute()) || (await addToMinute()) === null);
  }

  /** Changes the row that leads to a key. Null if changed, else the row whose condition did not hold. */
  async #use(
    keyId: string,
    change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>,
  ): Promise<{ readonly row: Record<string, unknown> | null } | null> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: lookupKey(keyId),
          ...change,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return null;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) return unavailable('DynamoDB UpdateItem')(error);
      return { row: error.Item === undefined ? null : unmarshall(error.Item) };
    }
  }

  async list(accountId: string): Promise<readonly ApiKey[]> {
    const items = await listAccountItems(this.#client, this.#table, accountId, PREFIX);
    return items.map(parseApiKey);
  }

  async create(key: ApiKey, event: EventJob): Promise<void> {
    const put = (item: object) => ({
      Put: {
        TableName: this.#table,
        Item: { ...item },
        ConditionExpression: 'attribute_not_exists(itemKey)',
      },
    });
    const refusal = await transact(this.#client, {
      key: put({ ...keyOf(key), ...apiKeyRow(key) }),
      way: put({ ...lookupKey(key.keyId), owner: key.accountId }),
      event: jobPut(this.#jobs, event, event.at),
    });
    if (refusal !== null) throw new Problem('unavailable', 'the id of a new key was taken');
  }

  async remove(accountId: string, keyId: string): Promise<boolean> {
    const refusal = await transact(this.#client, {
      key: {
        Delete: {
          TableName: this.#table,
          Key: keyOf({ accountId, keyId }),
          ConditionExpression: 'attribute_exists(itemKey)',
        },
      },
      way: { Delete: { TableName: this.#table, Key: lookupKey(keyId) } },
    });
    return refusal === null;
  }
}
