import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { LockoutPolicy } from '../../../core/model/integration.ts';
import type { UserChange } from '../../../core/model/login-end.ts';
import type { Session } from '../../../core/model/session.ts';
import type { TransactItem } from '../table/transact.ts';
import { countFailure, giveGuessBack } from './user-counts.ts';
import { listedAs, NOT_DISABLED, STORED_REENROLLMENT, userKey } from './user-item.ts';

/** Requires that the row has no lock by failed guesses when the success is written. */
const notLocked = ({ enabled, maxFailedAttempts, lockSeconds }: LockoutPolicy, now: number) =>
  enabled
    ? {
        condition: ' AND (attribute_not_exists(failures) OR failures < :limit OR lastAttemptAt <= :lockStart)',
        values: { ':limit': maxFailedAttempts, ':lockStart': now - lockSeconds },
      }
    : { condition: '', values: {} };

/** A success ends the series of guesses, and the count of starts. */
const COUNTED = 'failingIn, series, starts, startsSince, lastStartAt';

const verifiedChange = (
  table: string,
  session: Session,
  now: number,
  { purgeAt, lockout }: Extract<UserChange, { change: 'verified' }>,
): TransactItem => {
  const lock = notLocked(lockout, now);
  return {
    Update: {
      TableName: table,
      Key: userKey(session),
      UpdateExpression: `SET failures = :none, guesses = :none, lastVerifiedAt = :now, purgeAt = :purgeAt${session.consent === null ? '' : ', consent = :consent'} REMOVE ${COUNTED}`,
      ConditionExpression: `${NOT_DISABLED} AND version = :expected AND #reference.referenceId = :referenceId${lock.condition}`,
      ExpressionAttributeNames: { '#reference': 'reference' },
      ExpressionAttributeValues: {
        ':none': 0,
        ':now': now,
        ':purgeAt': purgeAt,
        ':expected': session.userVersion,
        ':referenceId': session.reference?.referenceId ?? '',
        ...lock.values,
        ...(session.consent === null ? {} : { ':consent': session.consent }),
      },
    },
  };
};

const enrolledChange = (
  table: string,
  session: Session,
  now: number,
  { reference, purgeAt, lockout }: Extract<UserChange, { change: 'enrolled' }>,
): TransactItem => {
  const lock = notLocked(lockout, now);
  return {
    Update: {
      TableName: table,
      Key: userKey(session),
      UpdateExpression: `SET #reference = :reference, consent = :consent, failures = :none, guesses = :none, lastVerifiedAt = :now, purgeAt = :purgeAt, version = :next, listedAs = :listed REMOVE ${STORED_REENROLLMENT}, reenrollment, invitation, removeAt, ${COUNTED}`,
      // A reference past its retention counts as none, even where the TTL has not removed it yet.
      ConditionExpression: `${NOT_DISABLED} AND version = :expected AND (attribute_not_exists(#reference) OR purgeAt <= :now)${lock.condition}`,
      ExpressionAttributeNames: { '#reference': 'reference' },
      ExpressionAttributeValues: {
        ':reference': reference,
        ':consent': session.consent,
        ':none': 0,
        ':now': now,
        ':purgeAt': purgeAt,
        ':expected': session.userVersion,
        ':next': session.userVersion + 1,
        ':listed': listedAs(session.integrationId, 'enrolled'),
        ...lock.values,
      },
    },
  };
};

/** What the end of a session changes on the user's row; null for nothing. */
export const userUpdate = (
  table: string,
  session: Session,
  user: UserChange,
  now: EpochSeconds,
): TransactItem | null => {
  switch (user.change) {
    case 'none':
      return null;
    case 'refund':
      return giveGuessBack(table, session, user.attempt.series);
    case 'failed':
      return countFailure(table, session, user);
    case 'verified':
      return verifiedChange(table, session, now, user);
    case 'enrolled':
      return enrolledChange(table, session, now, user);
  }
};

/** Requires that the row still supports the success of this session: its face is the user's, and the user is not disabled. */
export const bearsSuccess = (table: string, session: Session): TransactItem => ({
  ConditionCheck: {
    TableName: table,
    Key: userKey(session),
    ConditionExpression: `${NOT_DISABLED} AND ${session.provenReferenceId === null ? 'attribute_exists(#reference)' : '#reference.referenceId = :proven'}`,
    ExpressionAttributeNames: { '#reference': 'reference' },
    ...(session.provenReferenceId === null
      ? {}
      : { ExpressionAttributeValues: { ':proven': session.provenReferenceId } }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});
