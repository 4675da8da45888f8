import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { isSuccess } from '../../../../contract/protocol/outcomes.ts';
import type { EndedSession, Session } from '../../../core/model/session.ts';
import type { Sessions } from '../../../core/model/sessions.ts';
import { jobPuts } from '../jobs/job-store.ts';
import { recordPut } from '../logins/login-record.ts';
import { countLogin } from '../logins/statistics-store.ts';
import { transact } from '../table/transact.ts';
import { bearsSuccess, userUpdate } from '../users/user-changes.ts';
import { parseUser } from '../users/user-item.ts';
import { isOursToGiveBack, parseSession, sessionKey } from './session-item.ts';
import type { SessionPlace } from './session-tables.ts';
import { sessionUpdate, type Update } from './session-update.ts';

/** The end as it is written to the session's row; a success only while its time is not over. */
const endUpdate = (table: string, seen: Session, ended: EndedSession): Update => {
  const { state, outcome, finishedAt, verdicts, lockedUntil, provenReferenceId } = ended;
  const hasHandoff = seen.handoff !== null;
  const holds = [
    ...(isSuccess(outcome) ? ['expiresAt > :now'] : []),
    // DynamoDB refuses a path below a missing member as a malformed request.
    ...(hasHandoff ? ['attribute_exists(handoff)'] : []),
  ];
  return sessionUpdate(table, seen, {
    set: { state, outcome, finishedAt, verdicts, lockedUntil, provenReferenceId },
    // An ended session has neither (login-end.ts).
    remove: ['#reference', ...(hasHandoff ? ['handoff.passed'] : [])],
    names: { '#reference': 'reference' },
    ...(holds.length === 0 ? {} : { condition: holds.join(' AND ') }),
    ...(isSuccess(outcome) ? { values: { ':now': finishedAt } } : {}),
  });
};

/** Ends sessions. */
export const finishIn =
  ({ client, tables }: SessionPlace): Sessions['finish'] =>
  async (session, { session: ended, user: change, record, counted, jobs }) => {
    const update = endUpdate(tables.sessions, session, ended);
    const user = userUpdate(tables.users, session, change, ended.finishedAt);
    const refusal = await transact(client, {
      session: { Update: { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      record: recordPut(tables.transactions, record),
      user,
      ...jobPuts(tables.jobs, jobs),
      statistics: countLogin(tables.statistics, ended, counted),
    });
    if (refusal === null) return 'finished';
    if (refusal.item === 'user') return 'user-changed';
    if (change.change === 'refund' && isOursToGiveBack(refusal.row, change.attempt)) await transact(client, { user });
    return 'session-changed';
  };

/** Marks results as handed over. */
export const handOverIn = ({ client, tables }: SessionPlace): Sessions['handOver'] => {
  const mark = (session: Session, now: EpochSeconds, isConditional: boolean) => {
    const update: Update = {
      TableName: tables.sessions,
      Key: sessionKey(session),
      UpdateExpression: 'SET handedOverAt = :now',
      ConditionExpression: '#state = :finished AND cookieHash = :cookieHash AND attribute_not_exists(handedOverAt)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':now': now, ':finished': 'finished', ':cookieHash': session.cookieHash },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    return transact(client, {
      session: { Update: update },
      user: isConditional ? bearsSuccess(tables.users, session) : null,
    });
  };
  const markedBefore = (row: unknown): EpochSeconds | null => (row === null ? null : parseSession(row).handedOverAt);
  return async (session, now) => {
    if (session.handedOverAt !== null) return session.handedOverAt;
    const refusal = await mark(session, now, session.outcome !== null && isSuccess(session.outcome));
    if (refusal === null) return now;
    if (refusal.item === 'session') return markedBefore(refusal.row);
    // A refusal, which is signed instead, is handed over all the same.
    const again = await mark(session, now, false);
    if (again !== null) return markedBefore(again.row);
    return { user: refusal.row === null ? null : parseUser(refusal.row) };
  };
};
