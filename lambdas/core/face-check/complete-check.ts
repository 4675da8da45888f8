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

/** Who finds the attempt claimed looks for the winner's answer this often: two seconds, about what judging takes. */
const LOOKS = 10;
const LOOK_EVERY_MS = 200;

const startedAttempt = (session: Session): StartedAttempt => {
  const attempt = session.attempt;
  if (attempt?.status !== 'started' || attempt.livenessId === null) throw new Problem('no-attempt', 'not started');
  return { ...attempt, livenessId: attempt.livenessId };
};

/** The answer of whoever judges the attempt. @throws Problem `unavailable` if there is none in time: call again */
const waitForWinner = async (ports: CompleteCheckPorts, { session, caller }: Check): Promise<CompleteResponse> => {
  const number = session.attempt?.number ?? 0;
  for (let look = 0; look < LOOKS; look += 1) {
    await ports.pause(LOOK_EVERY_MS);
    const current = await ports.sessions.read(session.integrationId, session.jti);
    if (current === null) throw new Problem('session-not-found', 'removed meanwhile');
    const now = ports.clock();
    const answer = currentAnswer(current, number, caller, now);
    if (answer !== null) return answer;
    // Given back, or its judge died: the next call claims it.
    if (!isClaimed(startedAttempt(current), now)) break;
  }
  throw new Problem('unavailable', 'the attempt is being judged', { retryAfterSeconds: 1 });
};

/**
 * Judges the browser's current attempt and, where it ends the login, writes the outcome in one transaction. The request
 * names no liveness session and carries no image: both are the server's own. Repeating it gives the same answer.
 * @param onFound told the support id as soon as the session is known, for the log of whatever follows
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
    const standing = currentAnswer(session, attempt, check.caller, now);
    if (standing !== null) return standing;
    const refused = refusalNow(session, integration);
    if (refused !== null) return endUnseen(ports, check, { outcome: refused, lockedUntil: null });
    const started = startedAttempt(session);
    if (isClaimed(started, now)) return waitForWinner(ports, check);
    const looked = await evaluateAttempt(ports, session, integration, started);
    if (looked.kind === 'taken') return waitForWinner(ports, check);
    if (looked.kind === 'barred') return endUnseen(ports, check, looked);
    try {
      return await settleCheck(ports, check, looked);
    } catch (error) {
      // There is a verdict that could not be written. It stays counted, and whoever calls again gets it at once.
      await ports.sessions.dropClaim(session, looked.attempt, false).catch(() => ports.log('claim-left', {}));
      throw error;
    }
  };
