import type { Attempt, Session } from '../../../core/model/session.ts';
import type { Sessions, Unused } from '../../../core/model/sessions.ts';
import type { User } from '../../../core/model/user.ts';
import { jobPut } from '../jobs/job-store.ts';
import { type Refusal, transact } from '../table/transact.ts';
import { countFailure, countGuess, countStart, giveBack, giveStartBack } from '../users/user-counts.ts';
import { parseUser } from '../users/user-item.ts';
import { isOursToGiveBack, parseSession } from './session-item.ts';
import type { SessionPlace } from './session-tables.ts';
import { refusalOf, sessionUpdate, type Update, write } from './session-update.ts';

/** What prevented a write to a session and its user. */
const obstacleOf = ({ item, row }: Refusal<'session' | 'user'>): 'session-changed' | { readonly user: User | null } => {
  if (item === 'session') return 'session-changed';
  return { user: row === null ? null : parseUser(row) };
};

export const reserveIn =
  ({ client, tables }: SessionPlace): Sessions['reserve'] =>
  async (session, reservation) => {
    const { attempt, consent, now } = reservation;
    const update = sessionUpdate(tables.sessions, session, {
      set: { attempt, consent },
      condition: 'expiresAt > :now',
      values: { ':now': now },
    });
    const refusal = await transact(client, {
      session: { Update: update },
      user: countStart(tables.users, session, reservation),
    });
    return refusal === null ? 'reserved' : obstacleOf(refusal);
  };

export const startAttemptIn =
  ({ client, tables }: SessionPlace): Sessions['startAttempt'] =>
  async (session, attempt, { livenessId, now, startsSince, startCheck }) => {
    const update = sessionUpdate(
      tables.sessions,
      { ...session, attempt },
      {
        set: { attempt: { ...attempt, status: 'started', livenessId } },
        condition: 'expiresAt > :now',
        values: { ':now': now },
      },
    );
    const refused =
      startCheck === null
        ? await refusalOf(client, update)
        : await transact(client, {
            session: { Update: { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
            startCheck: jobPut(tables.jobs, startCheck.work, startCheck.dueAt),
          });
    if (refused === null) return true;
    // Our own write, repeated by the SDK because its response was lost.
    const current = refused.row === null ? null : parseSession(refused.row).attempt;
    if (current?.status === 'started' && current.livenessId === livenessId) return true;
    // Neither the liveness session nor its credentials ever left the service.
    await transact(client, { user: { Update: giveStartBack(tables.users, session, startsSince) } });
    return false;
  };

export const claimAttemptIn =
  ({ client, tables }: SessionPlace): Sessions['claimAttempt'] =>
  async (session, { attempt, now, guess }) => {
    const claim = sessionUpdate(tables.sessions, session, {
      set: { attempt },
      condition: 'expiresAt > :now AND (attribute_not_exists(attempt.claimedUntil) OR attempt.claimedUntil <= :now)',
      values: { ':now': now },
    });
    // A transaction even if it is a single write: repeated by the SDK, it does not collide with its own claim.
    const refusal = await transact(client, {
      session: { Update: claim },
      user: guess === null ? null : countGuess(tables.users, session, guess, now),
    });
    return refusal === null ? 'claimed' : obstacleOf(refusal);
  };

/**
 * Writes an attempt that has no verdict, and gives back what it did not use if the count that it was taken from is still current: with
 * the write, or alone if the session has changed.
 */
const writeUnjudged = async (
  { client, tables }: SessionPlace,
  session: Session,
  attempt: Attempt,
  update: Update,
  unused: Unused,
): Promise<boolean> => {
  const user = giveBack(tables.users, session, attempt, unused);
  if (user === null) return write(client, update);
  const seen = { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  const refusal = await transact(client, { session: { Update: seen }, user });
  if (refusal === null) return true;
  if (refusal.item === 'user') return write(client, update);
  if (typeof unused === 'object' || isOursToGiveBack(refusal.row, attempt)) await transact(client, { user });
  return false;
};

export const dropClaimIn =
  (place: SessionPlace): Sessions['dropClaim'] =>
  async (session, attempt, isGivenBack) => {
    const series = isGivenBack ? null : attempt.series;
    const free = sessionUpdate(
      place.tables.sessions,
      { ...session, attempt },
      {
        set: { attempt: { ...attempt, series, claimedUntil: null } },
        condition: 'attempt.claimedUntil = :ours',
        values: { ':ours': attempt.claimedUntil },
      },
    );
    await writeUnjudged(place, session, attempt, free, isGivenBack ? 'guess' : 'nothing');
  };

export const releaseAttemptIn =
  (place: SessionPlace): Sessions['releaseAttempt'] =>
  (session, attempt, unused) => {
    const { claimedUntil } = attempt;
    const update = sessionUpdate(
      place.tables.sessions,
      { ...session, attempt },
      {
        set: { attempt: { ...attempt, status: 'released', claimedUntil: null } },
        ...(claimedUntil === null
          ? {}
          : { condition: 'attempt.claimedUntil = :ours', values: { ':ours': claimedUntil } }),
      },
    );
    return writeUnjudged(place, session, attempt, update, unused);
  };

export const abandonAttemptIn =
  ({ client, tables }: SessionPlace): Sessions['abandonAttempt'] =>
  (session) =>
    // Claim and series stay as they are now: whoever judges it sees that the claim is still its own.
    write(client, sessionUpdate(tables.sessions, session, { set: {}, within: { 'attempt.#status': 'released' } }));

export const judgeAttemptIn =
  ({ client, tables }: SessionPlace): Sessions['judgeAttempt'] =>
  async (session, attempt, verdict, failure) => {
    const set = { attempt, verdicts: [...session.verdicts, verdict] };
    const refusal = await transact(client, {
      session: { Update: sessionUpdate(tables.sessions, session, { set }) },
      user: countFailure(tables.users, session, failure),
    });
    if (refusal === null) return 'judged';
    return refusal.item === 'session' ? 'session-changed' : 'user-changed';
  };
