import type { Session } from '../../../core/model/session.ts';
import type { Sessions } from '../../../core/model/sessions.ts';
import { jobPuts } from '../jobs/job-store.ts';
import { recordPut } from '../logins/login-record.ts';
import { countLogin } from '../logins/statistics-store.ts';
import { transact } from '../table/transact.ts';
import { parseSession, sessionRow } from './session-item.ts';
import type { SessionPlace } from './session-tables.ts';

/**
 * The existing row, or null if it is this same session: the SDK repeats a write whose response was lost, and then finds its own row.
 * The cookie's secret is generated for each opening, so no other opening has its hash.
 */
const currentUnlessOwn = (row: unknown, session: Session): Session | null => {
  const existing = parseSession(row);
  return existing.cookieHash === session.cookieHash ? null : existing;
};

/** Opens sessions. */
export const openIn =
  ({ client, tables }: SessionPlace): Sessions['open'] =>
  async ({ session, ended, jobs }) => {
    const put = {
      TableName: tables.sessions,
      Item: sessionRow(session),
      ConditionExpression: 'attribute_not_exists(sessionKey)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const refusal = await transact(client, {
      session: { Put: put },
      record: ended === null ? null : recordPut(tables.transactions, ended.record),
      ...jobPuts(tables.jobs, jobs),
      statistics: ended === null ? null : countLogin(tables.statistics, session, ended.counted),
    });
    return refusal === null ? null : currentUnlessOwn(refusal.row, session);
  };
