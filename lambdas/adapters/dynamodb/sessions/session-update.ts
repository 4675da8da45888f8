import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { unavailable } from '../../../core/model/problem.ts';
import type { Session } from '../../../core/model/session.ts';
import type { TransactItem } from '../table/transact.ts';
import { sessionKey, sessionMembers } from './session-item.ts';

export type Update = NonNullable<TransactItem['Update']>;

export interface SessionChange {
  /** New values of members; those that are null are left alone. */
  readonly set: Partial<Session>;
  /** New values at paths below members. */
  readonly within?: Readonly<Record<string, unknown>>;
  /** Paths to remove. */
  readonly remove?: readonly string[];
  /** A further condition. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The session is open and its attempt is the one that was read: whoever changes it first wins. */
const unchanged = ({ attempt, cookieHash }: Session) => {
  const isOpen = '#state = :open AND cookieHash = :cookieHash';
  const values = { ':open': 'open', ':cookieHash': cookieHash };
  if (attempt === null) {
    return { condition: `${isOpen} AND attribute_not_exists(attempt)`, names: { '#state': 'state' }, values };
  }
  return {
    condition: `${isOpen} AND attempt.#number = :seenNumber AND attempt.#status = :seenStatus`,
    names: { '#state': 'state', '#number': 'number', '#status': 'status' },
    values: { ...values, ':seenNumber': attempt.number, ':seenStatus': attempt.status },
  };
};

/** An update of the session row under the condition that nobody changed it since it was read. */
export const sessionUpdate = (table: string, session: Session, change: SessionChange): Update => {
  const guard = unchanged(session);
  const members = Object.entries(sessionMembers(change.set));
  const paths = Object.entries(change.within ?? {});
  const set = [
    ...members.map((_, index) => `#set${index} = :set${index}`),
    ...paths.map(([path], index) => `${path} = :within${index}`),
  ];
  const clause = (keyword: string, parts: readonly string[]) =>
    parts.length === 0 ? [] : [`${keyword} ${parts.join(', ')}`];
  return {
    TableName: table,
    Key: sessionKey(session),
    UpdateExpression: [...clause('SET', set), ...clause('REMOVE', change.remove ?? [])].join(' '),
    ConditionExpression: [guard.condition, ...(change.condition === undefined ? [] : [change.condition])].join(' AND '),
    ExpressionAttributeNames: {
      ...guard.names,
      ...change.names,
      ...Object.fromEntries(members.map(([name], index) => [`#set${index}`, name])),
    },
    ExpressionAttributeValues: {
      ...guard.values,
      ...change.values,
      ...Object.fromEntries(members.map(([, value], index) => [`:set${index}`, value])),
      ...Object.fromEntries(paths.map(([, value], index) => [`:within${index}`, value])),
    },
  };
};

/** Writes; null if written, else the row whose condition did not hold. */
export const refusalOf = async (
  client: DynamoDBDocumentClient,
  update: Update,
): Promise<{ readonly row: Record<string, unknown> | null } | null> => {
  try {
    await client.send(new UpdateCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    return null;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailable('DynamoDB UpdateItem')(error);
    return { row: error.Item === undefined ? null : unmarshall(error.Item) };
  }
};

/** Writes; false if the condition did not hold. */
export const write = async (client: DynamoDBDocumentClient, update: Update): Promise<boolean> =>
  (await refusalOf(client, update)) === null;
