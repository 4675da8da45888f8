import type { CompleteResponse } from '../../../contract/api/face-check.ts';
import type { Task } from '../../../contract/api/session.ts';
import { findCheck } from '../login/find-session.ts';
import type { Pause } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { refusalNow, type Session, type SessionCredential, type StartedAttempt } from '../model/session.ts';
import { currentAnswer } from './check-answers.ts';
import { isClaimed } from './claim-attempt.ts';
import { type Check, endUnseen, type SettleCheckPorts } from './end-check.ts';
import { evaluateAttempt } from './evaluate-attempt.ts';
import { settleCheck } from './settle-check.ts';

export interface CompleteCheckPorts extends SettleCheckPorts {
  readonly pause: Pause;
}

/** How often a caller that finds the attempt claimed polls for the winner's answer: for two seconds, about as long as judging takes. */
const POLLS = 10;
const POLL_INTERVAL_MS = 200;

const startedAttempt = (session: Session): StartedAttempt => {
  const attempt = session.attempt;
  if (attempt?.status !== 'started' || attempt.livenessId === null) throw new Problem('no-attempt', 'not started');
  return { ...attempt, livenessId: attempt.livenessId };
};

/** The answer of whoever judges the attempt. @throws Problem `unavailable` if there is none in time: call again */
const waitForWinner = async (ports: CompleteCheckPorts, { session, caller }: Check): Promise<CompleteResponse> => {
  const number = session.attempt?.number ?? 0;
  for (let poll = 0; poll < POLLS; poll += 1) {
    await ports.pause(POLL_INTERVAL_MS);
    const current = await ports.sessions.read(session.integrationId, session.jti);
    if (current === null) throw new Problem('session-not-found', 'removed in the meantime');
    const now = ports.clock();
    const answer = currentAnswer(current, number, caller, now);
    if (answer !== null) return answer;
    // Given back, or its judge died: the next call claims it.
    if (!isClaimed(startedAttempt(current), now)) break;
  }
  throw new Problem('unavailable', 'the attempt is being judged', { retryAfterSeconds: 1 });
};

/**
 * Judges the browser's current attempt and, if it ends the login, writes the outcome in one transaction. The request
 * names no liveness session and carries no image: the server has both. Repeating it gives the same answer.
 * @param onFound gets the support id as soon as the session is known, for the log of whatever follows
 * @throws Problem `session-not-found`, `wrong-task`, `no-attempt`, `attempt-superseded`, `unavailable` (nothing is lost: call again)
 */
export const completeCheck =
  (ports: CompleteCheckPorts, task: Task) =>
  async (
    credential: SessionCredential,
    attempt: number,
    onFound: (supportId: string) => void = () => {},
  ): Promise<CompleteResponse> => {
    const { session, integration, role } = await findCheck(ports, credential);
    onFound(session.supportId);
    if (session.task !== task) throw new Problem('wrong-task', 'the session has the other task');
    const check: Check = { session, integration, caller: { role, secret: credential.secret } };
    const now = ports.clock();
    const known = currentAnswer(session, attempt, check.caller, now);
    if (known !== null) return known;
    const refused = refusalNow(session, integration);
    if (refused !== null) return endUnseen(ports, check, { outcome: refused, lockedUntil: null });
    const started = startedAttempt(session);
    if (isClaimed(started, now)) return waitForWinner(ports, check);
    const evaluated = await evaluateAttempt(ports, session, integration, started);
    if (evaluated.kind === 'taken') return waitForWinner(ports, check);
    if (evaluated.kind === 'blocked') return endUnseen(ports, check, evaluated);
    try {
      return await settleCheck(ports, check, evaluated);
    } catch (error) {
      // There is a verdict that could not be written. It stays counted, and the next call gets it immediately.
      await ports.sessions.dropClaim(session, evaluated.attempt, false).catch(() => ports.log('claim-left', {}));
      throw error;
    }
  };
