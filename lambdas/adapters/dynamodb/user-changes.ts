import type { Ending, Reservation } from '../../core/ports.ts';
import type { Session } from '../../core/session.ts';
import type { TransactItems } from './transact.ts';

type Item = TransactItems[number];

const keyOf = (session: Session) => ({ integrationId: session.integrationId, externalId: session.externalId });

export type ListedState = 'enrolled' | 'not_enrolled' | 'disabled';

/** Where the index of states finds a person. Whoever changes the state writes this too. */
export const listedAs = (integrationId: string, state: ListedState): string => `${integrationId}#${state}`;

/** An operator may shut a person out at any moment: no login counts or succeeds against such a row. */
const NOT_DISABLED = 'attribute_not_exists(disabled)';
/** Nothing counted yet: no row, or none since the last success. */
const NO_FAILURES = 'attribute_not_exists(failures) OR failures = :none';
/** The counter still is what it was when it was looked at. */
const AS_SEEN = 'failures = :seen AND lastAttemptAt = :seenAt';

/** Counts an attempt on the person's row, making the row at the first one. */
export const countAttempt = (table: string, session: Session, { attempt, now, seen }: Reservation): Item => {
  const isFirst = seen === null || seen.failures === 0 || seen.lastAttemptAt === null;
  return {
    Update: {
      TableName: table,
      Key: keyOf(session),
      // Whoever comes back after having been deleted has a row that stays again.
      UpdateExpression:
        'SET failures = :counted, lastAttemptAt = :now, version = if_not_exists(version, :none), listedAs = if_not_exists(listedAs, :listed), failingIn = :integration REMOVE removeAt',
      ConditionExpression: `${NOT_DISABLED} AND (${isFirst ? NO_FAILURES : AS_SEEN})`,
      ExpressionAttributeValues: {
        ':counted': attempt.ordinal,
        ':now': now,
        ':none': 0,
        ':integration': session.integrationId,
        ':listed': listedAs(session.integrationId, 'not_enrolled'),
        ...(isFirst ? {} : { ':seen': seen.failures, ':seenAt': seen.lastAttemptAt }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/** Gives one counted attempt back. */
export const refundAttempt = (table: string, session: Session): Item => ({
  Update: {
    TableName: table,
    Key: keyOf(session),
    UpdateExpression: 'SET failures = failures - :one',
    ConditionExpression: 'failures >= :one',
    ExpressionAttributeValues: { ':one': 1 },
  },
});

const verifiedChange = (table: string, session: Session, now: number, purgeAt: number): Item => ({
  Update: {
    TableName: table,
    Key: keyOf(session),
    UpdateExpression: `SET failures = :none, lastVerifiedAt = :now, purgeAt = :purgeAt${session.consent === null ? '' : ', consent = :consent'} REMOVE failingIn`,
    ConditionExpression: `${NOT_DISABLED} AND version = :pinned AND #reference.referenceId = :referenceId`,
    ExpressionAttributeNames: { '#reference': 'reference' },
    ExpressionAttributeValues: {
      ':none': 0,
      ':now': now,
      ':purgeAt': purgeAt,
      ':pinned': session.userVersion,
      ':referenceId': session.reference?.referenceId ?? '',
      ...(session.consent === null ? {} : { ':consent': session.consent }),
    },
  },
});

const enrolledChange = (
  table: string,
  session: Session,
  now: number,
  { reference, purgeAt }: Extract<Ending['user'], { change: 'enrolled' }>,
): Item => ({
  Update: {
    TableName: table,
    Key: keyOf(session),
    UpdateExpression:
      'SET #reference = :reference, consent = :consent, failures = :none, lastVerifiedAt = :now, purgeAt = :purgeAt, version = :next, listedAs = :listed REMOVE failingIn, reenrolment, invitation',
    // A reference past its retention counts as none, even where the TTL has not removed it yet.
    ConditionExpression: `${NOT_DISABLED} AND version = :pinned AND (attribute_not_exists(#reference) OR purgeAt <= :now)`,
    ExpressionAttributeNames: { '#reference': 'reference' },
    ExpressionAttributeValues: {
      ':reference': reference,
      ':consent': session.consent,
      ':none': 0,
      ':now': now,
      ':purgeAt': purgeAt,
      ':pinned': session.userVersion,
      ':next': session.userVersion + 1,
      ':listed': listedAs(session.integrationId, 'enrolled'),
    },
  },
});

/** What the end of a session changes on the person's row; null for nothing. */
export const endingChange = (table: string, session: Session, { user, now }: Ending): Item | null => {
  switch (user.change) {
    case 'none':
      return null;
    case 'refund':
      return refundAttempt(table, session);
    case 'verified':
      return verifiedChange(table, session, now, user.purgeAt);
    case 'enrolled':
      return enrolledChange(table, session, now, user);
  }
};
