import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { DeleteUsersPorts } from '../../../core/jobs/delete-users.ts';
import type { FaceRetention } from '../../../core/jobs/expire-face.ts';
import type { StartRefunds } from '../../../core/jobs/refund-start.ts';
import type { LivenessStartJob } from '../../../core/model/job.ts';
import { unavailable } from '../../../core/model/problem.ts';
import type { User, Users } from '../../../core/model/user.ts';
import { giveStartBack } from './user-counts.ts';
import { parseUser } from './user-item.ts';

type DeleteUsers = DeleteUsersPorts['users'];

/** Users, keyed by integration and External ID. Logins change their rows in the session store's transactions only. */
export class UserStore implements Users, FaceRetention, DeleteUsers, StartRefunds {
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

  async some(integrationId: string, limit: number): Promise<readonly User[]> {
    const { Items = [] } = await this.#client
      .send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'integrationId = :integration',
          ExpressionAttributeValues: { ':integration': integrationId },
          Limit: limit,
          ConsistentRead: true,
        }),
      )
      .catch(unavailable('DynamoDB Query'));
    return Items.map(parseUser);
  }

  async drop(integrationId: string, externalId: string): Promise<void> {
    await this.#client
      .send(new DeleteCommand({ TableName: this.#table, Key: { integrationId, externalId } }))
      .catch(unavailable('DynamoDB DeleteItem'));
  }

  async expire(user: User, now: EpochSeconds): Promise<boolean> {
    const { integrationId, externalId } = user;
    const isOver = {
      TableName: this.#table,
      Key: { integrationId, externalId },
      ConditionExpression: 'version = :version AND #reference.referenceId = :referenceId AND purgeAt <= :now',
      ExpressionAttributeNames: { '#reference': 'reference' },
    };
    const seen = {
      ':version': user.version,
      ':referenceId': user.reference?.referenceId ?? '',
      ':now': now,
    };
    const isInvited = user.invitation !== null && now < user.invitation.endsAt;
    // A disabled or invited user stays so: the row is kept without the face.
    const remove =
      user.disabled === null && !isInvited
        ? new DeleteCommand({ ...isOver, ExpressionAttributeValues: seen })
        : new UpdateCommand({
            ...isOver,
            UpdateExpression: 'SET version = :next REMOVE #reference, consent, purgeAt',
            ExpressionAttributeValues: { ...seen, ':next': user.version + 1 },
          });
    try {
      await (remove instanceof DeleteCommand ? this.#client.send(remove) : this.#client.send(remove));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB DeleteItem')(error);
    }
  }

  async giveStartBack(work: LivenessStartJob): Promise<void> {
    const update = new UpdateCommand(giveStartBack(this.#table, work, work.startsSince));
    await this.#client.send(update).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) unavailable('DynamoDB UpdateItem')(error);
    });
  }
}
