import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { isSuccess } from '../../../contract/protocol/outcomes.ts';
import type { Ending, Reservation, Sessions } from '../../core/ports.ts';
import { unavailable } from '../../core/problem.ts';
import type { Attempt, Handoff, Session, Verdict } from '../../core/session.ts';
import type { User } from '../../core/user.ts';
import { eventOfLogin } from '../../core/webhooks/event-of-login.ts';
import { dueWorkPut } from './due-work-store.ts';
import { handoffRow, parseSession } from './session-item.ts';
import { countLogin } from './statistics-store.ts';
import { toRow } from './to-row.ts';
import { type TransactItems, transact } from './transact.ts';
import { transactionRecord } from './transaction-record.ts';
import { countAttempt, endingChange, refundAttempt } from './user-changes.ts';
import { parseUser } from './user-item.ts';

export interface SessionTables {
  readonly sessions: string;
  readonly users: string;
  readonly transactions: string;
  readonly statistics: string;
  readonly dueWork: string;
}

/** Rows stay readable for an hour after their end, so that a late return gets a clear answer; then the TTL removes them. */
const KEPT_AFTER_END_SECONDS = 3600;

type Update = NonNullable<TransactItems[number]['Update']>;

const sessionKey = (session: Pick<Session, 'integrationId' | 'jti'>): string =>
  `session#${session.integrationId}#${session.jti}`;

/** The session is open and its attempt is the one that was read: whoever changes it first wins. */
const unchanged = (session: Session) => {
  const attempt = session.attempt;
  const isOpen = '#state = :open AND cookieHash = :cookieHash';
  const values = { ':open': 'open', ':cookieHash': session.cookieHash };
  if (attempt === null) {
    return { condition: `${isOpen} AND attribute_not_exists(attempt)`, names: { '#state': 'state' }, values };
  }
  return {
    condition: `${isOpen} AND attempt.#number = :seenNumber AND attempt.#status = :seenStatus`,
    names: { '#state': 'state', '#number': 'number', '#status': 'status' },
    values: { ...values, ':seenNumber': attempt.number, ':seenStatus': attempt.status },
  };
};

/**
 * The row that stands, or null if it is this very session: the SDK repeats a write whose answer was lost, and then meets its
 * own row. The cookie's secret is drawn for each opening, so no other opening has its hash.
 */
const standingUnlessOwn = (row: unknown, session: Session): Session | null => {
  const standing = parseSession(row);
  return standing.cookieHash === session.cookieHash ? null : standing;
};

/** Sessions: every change is one conditional write or one transaction with the person's row and the record of the end. */
export class SessionStore implements Sessions {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: SessionTables;

  constructor(client: DynamoDBDocumentClient, tables: SessionTables) {
    this.#client = client;
    this.#tables = tables;
  }

  async read(integrationId: string, jti: string): Promise<Session | null> {
    const { Item } = await this.#client
      .send(
        new GetCommand({
          TableName: this.#tables.sessions,
          Key: { sessionKey: sessionKey({ integrationId, jti }) },
          ConsistentRead: true,
        }),
      )
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseSession(Item);
  }

  async open(session: Session): Promise<Session | null> {
    const put = {
      TableName: this.#tables.sessions,
      Item: {
        ...toRow(session),
        sessionKey: sessionKey(session),
        removeAt: session.expiresAt + KEPT_AFTER_END_SECONDS,
      },
      ConditionExpression: 'attribute_not_exists(sessionKey)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    if (session.outcome !== null) {
      const record = transactionRecord(this.#tables.transactions, session);
      const count = countLogin(this.#tables.statistics, session);
      const refusal = await transact(this.#client, [{ Put: put }, record, count]);
      return refusal === null ? null : standingUnlessOwn(refusal.row, session);
    }
    try {
      await this.#client.send(new PutCommand(put));
      return null;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) {
        return unavailable('DynamoDB PutItem')(error);
      }
      return standingUnlessOwn(unmarshall(error.Item), session);
    }
  }

  async reserve(
    session: Session,
    reservation: Reservation,
  ): Promise<'reserved' | 'session-moved' | { readonly user: User | null }> {
    const { attempt, consent, now } = reservation;
    const update = this.#update(session, {
      set: { attempt: toRow(attempt), ...(consent === null ? {} : { consent }) },
      condition: 'expiresAt > :now',
      values: { ':now': now },
    });
    const refusal = await transact(this.#client, [
      { Update: update },
      countAttempt(this.#tables.users, session, reservation),
    ]);
    if (refusal === null) return 'reserved';
    if (refusal.index === 0) return 'session-moved';
    return { user: refusal.row === null ? null : parseUser(refusal.row) };
  }

  async startAttempt(session: Session, attempt: Attempt, livenessId: string, now: EpochSeconds): Promise<boolean> {
    const reserved: Session = { ...session, attempt };
    const started: Attempt = { ...attempt, status: 'started', livenessId };
    const refused = await this.#refusal(
      this.#update(reserved, {
        set: { attempt: toRow(started) },
        condition: 'expiresAt > :now',
        values: { ':now': now },
      }),
    );
    if (refused === null) return true;
    // Our own write, repeated by the SDK because its answer was lost.
    const current = refused.row === null ? null : parseSession(refused.row).attempt;
    return current?.status === 'started' && current.livenessId === livenessId;
  }

  async releaseAttempt(session: Session, attempt: Attempt): Promise<boolean> {
    const released = this.#update(
      { ...session, attempt },
      { set: { attempt: toRow({ ...attempt, status: 'released' }) } },
    );
    const refusal = await transact(this.#client, [{ Update: released }, refundAttempt(this.#tables.users, session)]);
    if (refusal === null) return true;
    // The person's counter was reset meanwhile: nothing to give back, but the attempt must not be judged any more.
    return refusal.index === 1 && this.#write(released);
  }

  async judgeAttempt(session: Session, attempt: Attempt, verdict: Verdict): Promise<boolean> {
    return this.#write(
      this.#update(session, { set: { attempt: toRow(attempt), verdicts: [...session.verdicts, toRow(verdict)] } }),
    );
  }

  async changeHandoff(session: Session, handoff: Handoff, attempt?: Attempt): Promise<boolean> {
    const seen = session.handoff?.step;
    return this.#write(
      this.#update(session, {
        set: { handoff: handoffRow(handoff), ...(attempt === undefined ? {} : { attempt: toRow(attempt) }) },
        condition: seen === undefined ? 'attribute_not_exists(handoff)' : 'handoff.step = :seenStep',
        ...(seen === undefined ? {} : { values: { ':seenStep': seen } }),
      }),
    );
  }

  async finish(session: Session, ending: Ending): Promise<'finished' | 'session-moved' | 'user-moved'> {
    const { outcome, now, verdict, lockedUntil } = ending;
    const verdicts = verdict === null ? session.verdicts : [...session.verdicts, verdict];
    const finished: Session = { ...session, state: 'finished', outcome, finishedAt: now, lockedUntil, verdicts };
    const update = this.#update(session, {
      set: {
        '#state': 'finished',
        outcome,
        finishedAt: now,
        verdicts: verdicts.map(toRow),
        ...(lockedUntil === null ? {} : { lockedUntil }),
      },
      // The pinned reference, and the one that waits for its code, hold a wrapped key; it must not outlive the login.
      remove: ['#reference', ...(session.handoff === null ? [] : ['handoff.passed'])],
      names: { '#reference': 'reference' },
      ...(isSuccess(outcome) ? { condition: 'expiresAt > :now', values: { ':now': now } } : {}),
    });
    const user = endingChange(this.#tables.users, session, ending);
    const record = transactionRecord(this.#tables.transactions, finished);
    const notice = ending.user.change === 'enrolled' ? ending.user.notice : null;
    const event = eventOfLogin(finished, ending);
    const refusal = await transact(this.#client, [
      { Update: update },
      record,
      ...(user === null ? [] : [user]),
      ...(notice === null ? [] : [dueWorkPut(this.#tables.dueWork, notice, now)]),
      ...(event === null ? [] : [dueWorkPut(this.#tables.dueWork, event, now)]),
      countLogin(this.#tables.statistics, finished),
    ]);
    if (refusal === null) return 'finished';
    if (refusal.index !== 2) return 'session-moved';
    // A refund that has nothing to give back does not keep the session open.
    return ending.user.change === 'refund'
      ? this.finish(session, { ...ending, user: { change: 'none' } })
      : 'user-moved';
  }

  async handOver(session: Session, now: EpochSeconds): Promise<EpochSeconds | null> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#tables.sessions,
          Key: { sessionKey: sessionKey(session) },
          UpdateExpression: 'SET handedOverAt = if_not_exists(handedOverAt, :now)',
          ConditionExpression: '#state = :finished AND cookieHash = :cookieHash',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':now': now, ':finished': 'finished', ':cookieHash': session.cookieHash },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return parseSession(Attributes).handedOverAt;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }

  /** An update of the session row under the condition that nobody changed it since it was read. */
  #update(
    session: Session,
    change: {
      readonly set: Readonly<Record<string, unknown>>;
      readonly remove?: readonly string[];
      readonly condition?: string;
      readonly names?: Readonly<Record<string, string>>;
      readonly values?: Readonly<Record<string, unknown>>;
    },
  ): Update {
    const guard = unchanged(session);
    const members = Object.entries(change.set);
    const set = `SET ${members.map(([name], index) => `${name} = :set${index}`).join(', ')}`;
    return {
      TableName: this.#tables.sessions,
      Key: { sessionKey: sessionKey(session) },
      UpdateExpression: change.remove === undefined ? set : `${set} REMOVE ${change.remove.join(', ')}`,
      ConditionExpression: [guard.condition, ...(change.condition === undefined ? [] : [change.condition])].join(
        ' AND ',
      ),
      ExpressionAttributeNames: { ...guard.names, ...change.names },
      ExpressionAttributeValues: {
        ...guard.values,
        ...change.values,
        ...Object.fromEntries(members.map(([, value], index) => [`:set${index}`, value])),
      },
    };
  }

  async #write(update: Update): Promise<boolean> {
    return (await this.#refusal(update)) === null;
  }

  /** Writes; null if written, else the row whose condition did not hold. */
  async #refusal(update: Update): Promise<{ readonly row: Record<string, unknown> | null } | null> {
    try {
      await this.#client.send(new UpdateCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
      return null;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) return unavailable('DynamoDB UpdateItem')(error);
      return { row: error.Item === undefined ? null : unmarshall(error.Item) };
    }
  }
}
