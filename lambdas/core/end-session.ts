import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { type FindSessionPorts, findCheck } from './find-session.ts';
import type { Clock, Sessions } from './ports.ts';
import { Problem } from './problem.ts';
import { hasStarted, hasUnjudgedAttempt, type Session, type SessionCredential, standingOutcome } from './session.ts';

/**
 * Ends an open session without a face: gives a counted but unjudged attempt back and writes the transaction record.
 * Losing to a parallel caller is no error: what stands, stands.
 */
export const endWithoutFace = async (
  sessions: Sessions,
  session: Session,
  outcome: Outcome,
  now: EpochSeconds,
  lockedUntil: EpochSeconds | null = null,
): Promise<void> => {
  await sessions.finish(session, {
    outcome,
    now,
    verdict: null,
    lockedUntil,
    user: { change: hasUnjudgedAttempt(session) ? 'refund' : 'none' },
  });
};

/**
 * Ends the browser's session because the person says so: `declined` (another way), `reported` ("Not me") or `unavailable`
 * (no usable camera).
 * @returns the support id
 * @throws Problem `session-not-found`, `session-finished`
 */
export const endSession =
  (ports: FindSessionPorts & { readonly clock: Clock }) =>
  async (credential: SessionCredential, reason: 'declined' | 'reported' | 'unavailable'): Promise<string> => {
    const { session } = await findCheck(ports, credential);
    const now = ports.clock();
    if (standingOutcome(session, now) !== null) throw new Problem('session-finished', 'ended before');
    await endWithoutFace(ports.sessions, session, reason, now);
    return session.supportId;
  };

/**
 * Gives an attempt back whose camera part ended before a face was judged. It then can not be judged any more, so giving
 * back teaches an attacker nothing; it still counts against the tries of this session, which bounds the cost.
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
    if (hasUnjudgedAttempt(session) && session.state === 'open') await ports.sessions.releaseAttempt(session, current);
    return session.supportId;
  };
