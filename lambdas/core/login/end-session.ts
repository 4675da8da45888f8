import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { loginEnd } from '../model/login-end.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import {
  currentOutcome,
  hasStarted,
  hasUnjudgedAttempt,
  type Session,
  type SessionCredential,
} from '../model/session.ts';
import type { Sessions } from '../model/sessions.ts';
import { type FindSessionPorts, findCheck } from './find-session.ts';

/**
 * Ends an open session without a face, and writes the login record. An attempt that nobody completed was never counted as a guess. One
 * that is being judged stays counted, since it may have been judged. Losing to a parallel caller is not an error: the first end counts.
 * @returns true if this call ended it
 */
export const endWithoutFace = async (
  sessions: Sessions,
  session: Session,
  outcome: Outcome,
  now: EpochSeconds,
  lockedUntil: EpochSeconds | null = null,
): Promise<boolean> => {
  const result = await sessions.finish(
    session,
    loginEnd(session, { outcome, now, verdict: null, lockedUntil, user: { change: 'none' } }),
  );
  return result === 'finished';
};

/** How often the attempt may change while a user ends the session: a login has at most five. */
const MAX_MOVES = 6;

/**
 * Ends an open session because the user says so, even if its attempt changes at that moment, by whoever else has the login open. The
 * user is told that it was stopped only once it is.
 * @throws Problem `unavailable`
 */
export const endByUser = async (
  sessions: Sessions,
  seen: Session,
  outcome: 'declined' | 'reported' | 'unavailable',
  now: EpochSeconds,
): Promise<void> => {
  let session: Session | null = seen;
  for (let moves = 0; moves < MAX_MOVES && session !== null; moves += 1) {
    if (await endWithoutFace(sessions, session, outcome, now)) return;
    session = await sessions.read(session.integrationId, session.jti);
    if (session === null || currentOutcome(session, now) !== null) return;
  }
  throw new Problem('unavailable', 'the session keeps changing');
};

/**
 * Ends the browser's session because the user says so: `declined` (another way), `reported` ("Not me") or `unavailable`
 * (no usable camera).
 * @returns the support id
 * @throws Problem `session-not-found`, `session-finished`
 */
export const endSession =
  (ports: FindSessionPorts & { readonly clock: Clock }) =>
  async (credential: SessionCredential, reason: 'declined' | 'reported' | 'unavailable'): Promise<string> => {
    const { session } = await findCheck(ports, credential);
    const now = ports.clock();
    if (currentOutcome(session, now) !== null) throw new Problem('session-finished', 'ended before');
    await endByUser(ports.sessions, session, reason, now);
    return session.supportId;
  };

/**
 * Ends an attempt whose camera part ended before a face was judged: it then cannot be judged any more, and does not use up an attempt.
 * Its start still counts for its cost, in this session (`attemptsLeft`) and for the user (paid-starts.ts). If it is being judged at
 * this moment, it stays counted as a guess too.
 * @returns the support id
 * @throws Problem `session-not-found`, `attempt-superseded`
 */
export const releaseAttempt =
  (ports: FindSessionPorts) =>
  async (credential: SessionCredential, attempt: number): Promise<string> => {
    const { session, role } = await findCheck(ports, credential);
    const current = session.attempt;
    if (current?.number !== attempt || !hasStarted(current, { role, secret: credential.secret }))
      throw new Problem('attempt-superseded', 'another attempt is current');
    if (hasUnjudgedAttempt(session) && session.state === 'open') {
      await ports.sessions.abandonAttempt(session);
    }
    return session.supportId;
  };
