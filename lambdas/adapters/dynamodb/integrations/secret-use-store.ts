import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { SecretUses, SecretUsesOfIntegration } from '../../../core/login/secret-uses.ts';
import { unavailable } from '../../../core/model/problem.ts';
import type { LastUses } from '../../../core/model/rotation.ts';
import { RecentWrites } from '../table/recent-writes.ts';

/** A second use of the same generation within this time is not written. */
const QUIET_SECONDS = 300;
/** Far longer than any overlap. Older uses are shown nowhere; the TTL removes the row once its newest is older than this. */
const KEPT_SECONDS = 400 * 86_400;

/** `secret-use#{integrationId}`, in the table of sessions, like the tenant contacts. */
const keyOf = (integrationId: string) => ({ sessionKey: `secret-use#${integrationId}` });
const MEMBER = /^generation-(\d+)$/;

/** One row per integration, with a member for each generation. */
export class SecretUseStore implements SecretUses, SecretUsesOfIntegration {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #recent = new RecentWrites(QUIET_SECONDS);

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async note(integrationId: string, generation: number, at: EpochSeconds): Promise<void> {
    const secret = `${integrationId}#${generation}`;
    if (!this.#recent.isDue(secret, at)) return;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(integrationId),
          UpdateExpression: 'SET #generation = :at, removeAt = :removeAt',
          ConditionExpression: 'attribute_not_exists(#generation) OR #generation <= :quietSince',
          ExpressionAttributeNames: { '#generation': `generation-${generation}` },
          ExpressionAttributeValues: {
            ':at': at,
            ':removeAt': addSeconds(at, KEPT_SECONDS),
            ':quietSince': addSeconds(at, -QUIET_SECONDS),
          },
        }),
      );
    } catch (error) {
      // Another process was faster, or the table was not available and the next login notes it.
      if (!(error instanceof ConditionalCheckFailedException)) this.#recent.forget(secret);
    }
  }

  async read(integrationId: string, now: EpochSeconds): Promise<LastUses> {
    const { Item: row = {} } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: keyOf(integrationId), ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Object.fromEntries(
      Object.entries(row).flatMap(([member, at]) => {
        const generation = MEMBER.exec(member)?.[1];
        if (generation === undefined || now - Number(at) >= KEPT_SECONDS) return [];
        return [[Number(generation), epochSeconds(Number(at))]];
      }),
    );
  }
}
