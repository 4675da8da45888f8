import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { isSuccess } from '../../../../contract/protocol/outcomes.ts';
import { sessionEndJob } from '../../../core/jobs/expire-session.ts';
import { loginEvent } from '../../../core/model/login-event.ts';
import { loginRecord } from '../../../core/model/login-record.ts';
import type {
  Claim,
  CountedFailure,
  Reservation,
  SessionResult,
  Sessions,
  StartedStream,
  Unused,
} from '../../../core/model/ports.ts';
import { unavailable } from '../../../core/model/problem.ts';
import type { Attempt, EndedSession, Handoff, Session, Verdict } from '../../../core/model/session.ts';
import type { User } from '../../../core/model/user.ts';
import { jobPut } from '../jobs/job-store.ts';
import { recordPut } from '../logins/login-record.ts';
import { countLogin } from '../logins/statistics-store.ts';
import { type Refusal, transact } from '../table/transact.ts';
import {
  bearsSuccess,
  countFailure,
  countGuess,
  countStart,
  giveBack,
  giveStartBack,
  userUpdate,
} from '../users/user-changes.ts';
import { parseUser } from '../users/user-item.ts';
import { parseSession, sessionKey, sessionRow } from './session-item.ts';
import { type SessionChange, sessionUpdate, type Update } from './session-update.ts';

export interface SessionTables {
  readonly sessions: string;
  readonly users: string;
  readonly transactions: string;
  readonly statistics: string;
  readonly jobs: string;
}

/**
 * The row that stands, or null if it is this very session: the SDK repeats a write whose answer was lost, and then meets its
 * own row. The cookie's secret is drawn for each opening, so no other opening has its hash.
 */
const currentUnlessOwn = (row: unknown, session: Session): Session | null => {
  const standing = parseSession(row);
  return standing.cookieHash === session.cookieHash ? null : standing;
};

/**
 * True if the session moved away under the judge who holds `attempt`, so that nobody else gives its guess back: its attempt is another one,
 * or still bears this very claim. A claim that was taken over, or let go, is not the caller's to speak of.
 */
const isOursToGiveBack = ({ row }: Refusal, attempt: Attempt): boolean => {
  const current = row === null ? null : parseSession(row).attempt;
  if (current === null) return false;
  if (current.number !== attempt.number) return true;
  return current.status !== 'judged' && current.claimedUntil === attempt.claimedUntil;
};

/** The face that a success rests on; null for any other end. */
const provenBy = (session: Session, { user }: SessionResult): string | null => {
  if (user.change === 'enrolled') return user.reference.referenceId;
  return user.change === 'verified' ? (session.reference?.referenceId ?? null) : null;
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
          Key: sessionKey({ integrationId, jti }),
          ConsistentRead: true,
        }),
      )
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseSession(Item);
  }

  async open(session: Session): Promise<Session | null> {
    const put = {
      TableName: this.#tables.sessions,
      Item: sessionRow(session),
      ConditionExpression: 'attribute_not_exists(sessionKey)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    // Of a login that ends at its opening there is a record; one that goes on has an end to look after.
    const more =
      session.outcome === null
        ? [jobPut(this.#tables.jobs, sessionEndJob(session), session.expiresAt)]
        : [
            recordPut(this.#tables.transactions, loginRecord(session as EndedSession)),
            countLogin(this.#tables.statistics, session),
          ];
    const refusal = await transact(this.#client, [{ Put: put }, ...more]);
    return refusal === null ? null : currentUnlessOwn(refusal.row, session);
  }

  async reserve(
    session: Session,
    reservation: Reservation,
  ): Promise<'reserved' | 'session-changed' | { readonly user: User | null }> {
    const { attempt, consent, now } = reservation;
    const update = this.#update(session, {
      set: { attempt, consent },
      condition: 'expiresAt > :now',
      values: { ':now': now },
    });
    const refusal = await transact(this.#client, [
      { Update: update },
      countStart(this.#tables.users, session, reservation),
    ]);
    if (refusal === null) return 'reserved';
    if (refusal.index === 0) return 'session-changed';
    return { user: refusal.row === null ? null : parseUser(refusal.row) };
  }

  async startAttempt(
    session: Session,
    attempt: Attempt,
    { livenessId, now, startsSince, look }: StartedStream,
  ): Promise<boolean> {
    const reserved: Session = { ...session, attempt };
    const started: Attempt = { ...attempt, status: 'started', livenessId };
    const update = this.#update(reserved, {
      set: { attempt: started },
      condition: 'expiresAt > :now',
      values: { ':now': now },
    });
    const refused =
      look === null
        ? await this.#refusal(update)
        : await transact(this.#client, [
            { Update: { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
            jobPut(this.#tables.jobs, look.work, look.dueAt),
          ]);
    if (refused === null) return true;
    // Our own write, repeated by the SDK because its answer was lost.
    const current = refused.row === null ? null : parseSession(refused.row).attempt;
    if (current?.status === 'started' && current.livenessId === livenessId) return true;
    // Neither the liveness session nor its credentials ever left the service.
    await transact(this.#client, [{ Update: giveStartBack(this.#tables.users, session, startsSince) }]);
    return false;
  }

  async claimAttempt(
    session: Session,
    { attempt, now, guess }: Claim,
  ): Promise<'claimed' | 'session-changed' | { readonly user: User | null }> {
    const claim = this.#update(session, {
      set: { attempt },
      condition: 'expiresAt > :now AND (attribute_not_exists(attempt.claimedUntil) OR attempt.claimedUntil <= :now)',
      values: { ':now': now },
    });
    // A transaction even where it is one write: repeated by the SDK, it does not meet its own claim.
    const refusal = await transact(this.#client, [
      { Update: claim },
      ...(guess === null ? [] : [countGuess(this.#tables.users, session, guess, now)]),
    ]);
    if (refusal === null) return 'claimed';
    if (refusal.index === 0) return 'session-changed';
    return { user: refusal.row === null ? null : parseUser(refusal.row) };
  }

  async dropClaim(session: Session, attempt: Attempt, isGivenBack: boolean): Promise<void> {
    const series = isGivenBack ? null : attempt.series;
    const free = this.#update(
      { ...session, attempt },
      {
        set: { attempt: { ...attempt, series, claimedUntil: null } },
        condition: 'attempt.claimedUntil = :ours',
        values: { ':ours': attempt.claimedUntil },
      },
    );
    await this.#unjudged(session, attempt, free, isGivenBack ? 'guess' : 'nothing');
  }

  releaseAttempt(session: Session, attempt: Attempt, unused: Unused): Promise<boolean> {
    const released: Attempt = { ...attempt, status: 'released', claimedUntil: null };
    const { claimedUntil } = attempt;
    const update = this.#update(
      { ...session, attempt },
      {
        set: { attempt: released },
        ...(claimedUntil === null
          ? {}
          : { condition: 'attempt.claimedUntil = :ours', values: { ':ours': claimedUntil } }),
      },
    );
    return this.#unjudged(session, attempt, update, unused);
  }

  abandonAttempt(session: Session): Promise<boolean> {
    // Claim and series stay as they are by now: whoever judges it sees that the claim is still its own.
    return this.#write(this.#update(session, { set: {}, within: { 'attempt.#status': 'released' } }));
  }

  async judgeAttempt(
    session: Session,
    attempt: Attempt,
    verdict: Verdict,
    failure: CountedFailure,
  ): Promise<'judged' | 'session-changed' | 'user-changed'> {
    const set = { attempt, verdicts: [...session.verdicts, verdict] };
    const refusal = await transact(this.#client, [
      { Update: this.#update(session, { set }) },
      countFailure(this.#tables.users, session, failure),
    ]);
    if (refusal === null) return 'judged';
    return refusal.index === 0 ? 'session-changed' : 'user-changed';
  }

  async changeHandoff(session: Session, handoff: Handoff, attempt?: Attempt): Promise<boolean> {
    const seen = session.handoff?.step;
    return this.#write(
      this.#update(session, {
        set: { handoff, ...(attempt === undefined ? {} : { attempt }) },
        condition: seen === undefined ? 'attribute_not_exists(handoff)' : 'handoff.step = :seenStep',
        ...(seen === undefined ? {} : { values: { ':seenStep': seen } }),
      }),
    );
  }

  async finish(session: Session, ending: SessionResult): Promise<'finished' | 'session-changed' | 'user-changed'> {
    const { outcome, now, verdict, lockedUntil } = ending;
    const verdicts = verdict === null ? session.verdicts : [...session.verdicts, verdict];
    const provenReferenceId = provenBy(session, ending);
    const ended = { state: 'finished', outcome, finishedAt: now, lockedUntil, verdicts, provenReferenceId } as const;
    const finished: EndedSession = { ...session, ...ended };
    const holds = [
      ...(isSuccess(outcome) ? ['expiresAt > :now'] : []),
      // DynamoDB refuses a path below a member that is not there as a malformed request.
      ...(session.handoff === null ? [] : ['attribute_exists(handoff)']),
    ];
    const update = this.#update(session, {
      set: ended,
      // The pinned reference, and the one that waits for its code, hold a wrapped key; it must not outlive the login.
      remove: ['#reference', ...(session.handoff === null ? [] : ['handoff.passed'])],
      names: { '#reference': 'reference' },
      ...(holds.length === 0 ? {} : { condition: holds.join(' AND ') }),
      ...(isSuccess(outcome) ? { values: { ':now': now } } : {}),
    });
    const user = userUpdate(this.#tables.users, session, ending);
    const record = recordPut(this.#tables.transactions, loginRecord(finished));
    const notice = ending.user.change === 'enrolled' ? ending.user.notice : null;
    const event = loginEvent(finished, ending);
    const refusal = await transact(this.#client, [
      { Update: { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      record,
      ...(user === null ? [] : [user]),
      ...(notice === null ? [] : [jobPut(this.#tables.jobs, notice, now)]),
      ...(event === null ? [] : [jobPut(this.#tables.jobs, event, now)]),
      countLogin(this.#tables.statistics, finished),
    ]);
    if (refusal === null) return 'finished';
    if (refusal.index !== 2) {
      if (ending.user.change === 'refund' && user !== null && isOursToGiveBack(refusal, ending.user.attempt)) {
        await transact(this.#client, [user]);
      }
      return 'session-changed';
    }
    // A refund that has nothing to give back does not keep the session open.
    return ending.user.change === 'refund'
      ? this.finish(session, { ...ending, user: { change: 'none' } })
      : 'user-changed';
  }

  async handOver(session: Session, now: EpochSeconds): Promise<EpochSeconds | null | { readonly user: User | null }> {
    if (session.handedOverAt !== null) return session.handedOverAt;
    const refusal = await this.#handOver(session, now, session.outcome !== null && isSuccess(session.outcome));
    if (refusal === null) return now;
    if (refusal.index === 0) return refusal.row === null ? null : parseSession(refusal.row).handedOverAt;
    // What is signed instead, a refusal, is handed over all the same.
    const again = await this.#handOver(session, now, false);
    if (again !== null) return again.row === null ? null : parseSession(again.row).handedOverAt;
    return { user: refusal.row === null ? null : parseUser(refusal.row) };
  }

  #handOver(session: Session, now: EpochSeconds, isConditional: boolean) {
    const update: Update = {
      TableName: this.#tables.sessions,
      Key: sessionKey(session),
      UpdateExpression: 'SET handedOverAt = :now',
      ConditionExpression: '#state = :finished AND cookieHash = :cookieHash AND attribute_not_exists(handedOverAt)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':now': now, ':finished': 'finished', ':cookieHash': session.cookieHash },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    return transact(this.#client, [
      { Update: update },
      ...(isConditional ? [bearsSuccess(this.#tables.users, session)] : []),
    ]);
  }

  /**
   * Writes an attempt that has no verdict, and gives back what it did not use where the count that it was taken from still stands: with
   * the write, or alone where the session moved away under it.
   */
  async #unjudged(session: Session, attempt: Attempt, update: Update, unused: Unused): Promise<boolean> {
    const back = giveBack(this.#tables.users, session, attempt, unused);
    if (back === null) return this.#write(update);
    const seen = { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const refusal = await transact(this.#client, [{ Update: seen }, back]);
    if (refusal === null) return true;
    if (refusal.index === 1) return this.#write(update);
    if (typeof unused === 'object' || isOursToGiveBack(refusal, attempt)) await transact(this.#client, [back]);
    return false;
  }

  #update(session: Session, change: SessionChange): Update {
    return sessionUpdate(this.#tables.sessions, session, change);
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
