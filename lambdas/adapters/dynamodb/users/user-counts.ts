import type { CountedFailure, Guess } from '../../../core/model/lockout.ts';
import { MAX_STARTS, STARTS_WINDOW_SECONDS } from '../../../core/model/paid-starts.ts';
import type { Attempt, Session } from '../../../core/model/session.ts';
import type { Claim, Reservation, Unused } from '../../../core/model/sessions.ts';
import type { User } from '../../../core/model/user.ts';
import type { TransactItem } from '../table/transact.ts';
import { listedAs, NOT_DISABLED, userKey } from './user-item.ts';

/** A member that a row may lack if it counts zero. */
const isCount = (member: string, value: string, count: number): string =>
  count === 0 ? `(attribute_not_exists(${member}) OR ${member} = ${value})` : `${member} = ${value}`;

/** Counts a start on the user's row, and creates the row with the first one. */
export const countStart = (table: string, session: Session, { starts, now, seen }: Reservation): TransactItem => {
  const isFirst = starts.startsSince !== seen?.startsSince;
  // If the row has not been read: nothing may be counted in it, or it has to be read.
  const unseen = `${isCount('failures', ':none', 0)} AND ${isCount('guesses', ':none', 0)}`;
  const begins = `(attribute_not_exists(startsSince) OR startsSince <= :windowStart)${seen === null ? ` AND ${unseen}` : ''}`;
  return {
    Update: {
      TableName: table,
      Key: userKey(session),
      // The row of a user who comes back after having been deleted must stay.
      UpdateExpression: `SET starts = ${isFirst ? ':one' : 'starts + :one'}, startsSince = :since, lastStartAt = :now, version = if_not_exists(version, :none), listedAs = if_not_exists(listedAs, :listed) REMOVE removeAt`,
      ConditionExpression: `${NOT_DISABLED} AND ${isFirst ? begins : 'startsSince = :since AND starts < :most'}`,
      ExpressionAttributeValues: {
        ':one': 1,
        ':since': starts.startsSince,
        ':now': now,
        ':none': 0,
        ':listed': listedAs(session.integrationId, 'not_enrolled'),
        ...(isFirst ? { ':windowStart': now - STARTS_WINDOW_SECONDS } : { ':most': MAX_STARTS }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/** One more in the current series: parallel guesses do not exclude each other, only the limit does. */
const oneMore = ({ series, limit }: Guess) => ({
  set: 'guesses = guesses + :one',
  condition: `series = :series${limit === null ? '' : ' AND guesses < :limit'}`,
  values: { ':one': 1, ':series': series, ...(limit === null ? {} : { ':limit': limit }) },
});

/** The first of a series, if the counts are still as seen; also if the previous release wrote them. */
const beginning = ({ series, guesses, failures }: Guess, seen: User | null) => ({
  set: 'guesses = :guesses, failures = :failures, series = :series',
  condition: [
    isCount('guesses', ':seenGuesses', seen?.guesses ?? 0),
    isCount('failures', ':seenFailures', seen?.failures ?? 0),
    ...(seen === null ? [] : [seen.series === null ? 'attribute_not_exists(series)' : 'series = :seenSeries']),
  ].join(' AND '),
  values: {
    ':guesses': guesses,
    ':failures': failures,
    ':series': series,
    ':seenGuesses': seen?.guesses ?? 0,
    ':seenFailures': seen?.failures ?? 0,
    ...(seen === null || seen.series === null ? {} : { ':seenSeries': seen.series }),
  },
});

/** Counts a guess on the row of the version that the session began with. */
export const countGuess = (
  table: string,
  session: Session,
  { counted, seen }: NonNullable<Claim['guess']>,
  now: number,
): TransactItem => {
  const isSameSeries = seen !== null && seen.series === counted.series && seen.guesses >= seen.failures;
  const { set, condition, values } = isSameSeries ? oneMore(counted) : beginning(counted, seen);
  return {
    Update: {
      TableName: table,
      Key: userKey(session),
      UpdateExpression: `SET ${set}, lastAttemptAt = :now, failingIn = :integration, listedAs = if_not_exists(listedAs, :listed) REMOVE removeAt`,
      ConditionExpression: `${NOT_DISABLED} AND version = :expected AND ${condition}`,
      ExpressionAttributeValues: {
        ':now': now,
        ':integration': session.integrationId,
        ':expected': session.userVersion,
        ':listed': listedAs(session.integrationId, 'not_enrolled'),
        ...values,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/** Takes back a start, from the count that it was counted in and no other. */
export const giveStartBack = (
  table: string,
  user: Pick<Session, 'integrationId' | 'externalId'>,
  startsSince: number,
) => ({
  TableName: table,
  Key: userKey(user),
  UpdateExpression: 'SET starts = starts - :one',
  ConditionExpression: 'startsSince = :since AND starts >= :one',
  ExpressionAttributeValues: { ':one': 1, ':since': startsSince },
});

/** What an attempt did not use; null for nothing. */
export const giveBack = (table: string, session: Session, { series }: Attempt, unused: Unused): TransactItem | null => {
  if (typeof unused === 'object') return { Update: giveStartBack(table, session, unused.startsSince) };
  return unused === 'nothing' || series === null ? null : giveGuessBack(table, session, series);
};

/** Takes back a guess that led to no verdict, from the series that it was counted in and no other. Failures stay. */
export const giveGuessBack = (table: string, session: Session, series: string | null): TransactItem => ({
  Update: {
    TableName: table,
    Key: userKey(session),
    UpdateExpression: 'SET guesses = guesses - :one',
    ConditionExpression: 'series = :series AND guesses >= :one',
    ExpressionAttributeValues: { ':one': 1, ':series': series ?? '' },
  },
});

/** Counts a failure in the series that its guess was counted in. */
export const countFailure = (
  table: string,
  session: Session,
  { series, since, below }: CountedFailure,
): TransactItem => ({
  Update: {
    TableName: table,
    Key: userKey(session),
    UpdateExpression: 'SET failures = failures + :one',
    ConditionExpression: `series = :series AND lastAttemptAt > :since${below === null ? '' : ' AND failures < :below'}`,
    ExpressionAttributeValues: {
      ':one': 1,
      ':series': series ?? '',
      ':since': since,
      ...(below === null ? {} : { ':below': below }),
    },
  },
});
