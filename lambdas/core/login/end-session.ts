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

/** More often than the attempts and links of a login can change while it is being ended. */
const MAX_CHANGES = 6;

/**
 * Ends an open session without a face, and writes the login record: also if it changes at this moment, e.g. because the page gives its
 * attempt back or another tab starts one. An attempt that nobody completed was never counted as a guess. One that is being judged stays
 * counted, since it may have been judged. Losing to another end is not an error: the first end counts.
 * @throws Problem `unavailable`
 */
export const endWithoutFace = async (
  sessions: Sessions,
  seen: Session,
  outcome: Outcome,
  now: EpochSeconds,
  lockedUntil: EpochSeconds | null = null,
): Promise<void> => {
  const result = { outcome, now, verdict: null, lockedUntil, user: { change: 'none' } } as const;
  let session: Session | null = seen;
  for (let changes = 0; changes < MAX_CHANGES; changes += 1) {
    if ((await sessions.finish(session, loginEnd(session, result))) === 'finished') return;
    session = await sessions.read(session.integrationId, session.jti);
    if (session === null || session.outcome !== null) return;
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
    await endWithoutFace(ports.sessions, session, reason, now);
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
