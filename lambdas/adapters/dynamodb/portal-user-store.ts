import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectWork } from '../../core/due-work.ts';
import type { PortalUsers } from '../../core/portal/users.ts';
import { unavailable } from '../../core/problem.ts';
import type { User } from '../../core/user.ts';
import { dueWorkPut } from './due-work-store.ts';
import { parseUser } from './items.ts';
import { transact } from './transact.ts';
import { UserStore } from './user-store.ts';

/** Longer than any login lives; then nothing can finish against the row, and it goes by itself. */
const ERASED_KEPT_SECONDS = 86_400;

/** People, for those who manage them. */
export class PortalUserStore extends UserStore implements PortalUsers {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #dueWork: string;

  constructor(client: DynamoDBDocumentClient, tables: { readonly users: string; readonly dueWork: string }) {
    super(client, tables.users);
    this.#client = client;
    this.#table = tables.users;
    this.#dueWork = tables.dueWork;
  }

  async page(
    integrationId: string,
    { prefix, after, limit }: { readonly prefix: string; readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly users: readonly User[]; readonly after: string | null }> {
    const answer: QueryCommandOutput = await this.#client
      .send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression:
            prefix === ''
              ? 'integrationId = :integration'
              : 'integrationId = :integration AND begins_with(externalId, :prefix)',
          ExpressionAttributeValues: { ':integration': integrationId, ...(prefix === '' ? {} : { ':prefix': prefix }) },
          Limit: limit,
          ...(after === null ? {} : { ExclusiveStartKey: { integrationId, externalId: after } }),
        }),
      )
      .catch(unavailable('DynamoDB Query'));
    const last = answer.LastEvaluatedKey?.['externalId'];
    return { users: (answer.Items ?? []).map(parseUser), after: typeof last === 'string' ? last : null };
  }

  async clearFailures(integrationId: string, externalId: string): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression: 'SET failures = :none',
          ConditionExpression: 'attribute_exists(externalId)',
          ExpressionAttributeValues: { ':none': 0 },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }

  async erase(user: User, face: FaceObjectWork | null, now: EpochSeconds): Promise<boolean> {
    const { integrationId, externalId, version } = user;
    const refusal = await transact(this.#client, [
      {
        Update: {
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression:
            'SET version = :next, failures = :none, removeAt = :removeAt REMOVE #reference, consent, lastAttemptAt, lastVerifiedAt, purgeAt',
          ConditionExpression: 'version = :version',
          ExpressionAttributeNames: { '#reference': 'reference' },
          ExpressionAttributeValues: {
            ':next': version + 1,
            ':version': version,
            ':none': 0,
            ':removeAt': addSeconds(now, ERASED_KEPT_SECONDS),
          },
        },
      },
      ...(face === null ? [] : [dueWorkPut(this.#dueWork, face, now)]),
    ]);
    return refusal === null;
  }
}
