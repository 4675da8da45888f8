import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { SessionFaces } from '../../../core/jobs/expire-session.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { parseSession, sessionKey } from './session-item.ts';

/** What sessions hold of faces, for housekeeping. */
export class SessionFacesStore implements SessionFaces {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async forgetFaces(integrationId: string, jti: string, now: EpochSeconds): Promise<EpochSeconds | null> {
    const Key = sessionKey({ integrationId, jti });
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    const session = Item === undefined ? null : parseSession(Item);
    if (session === null || (session.reference === null && session.handoff?.passed == null)) return null;
    if (now < session.expiresAt) return session.expiresAt;
    const hasHandoff = session.handoff !== null;
    const update = new UpdateCommand({
      TableName: this.#table,
      Key,
      UpdateExpression: `REMOVE #reference${hasHandoff ? ', handoff.passed' : ''}`,
      // DynamoDB refuses a path below a missing member as a malformed request.
      ConditionExpression: `cookieHash = :cookieHash${hasHandoff ? ' AND attribute_exists(handoff)' : ''}`,
      ExpressionAttributeNames: { '#reference': 'reference' },
      ExpressionAttributeValues: { ':cookieHash': session.cookieHash },
    });
    await this.#client.send(update).catch((error: unknown) => {
      // Removed by the TTL in the meantime.
      if (!(error instanceof ConditionalCheckFailedException)) unavailable('DynamoDB UpdateItem')(error);
    });
    return null;
  }
}
