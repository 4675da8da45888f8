import type { ConfirmCodeResponse } from '../../../contract/api/handoff.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { rejectionReason, successResult } from '../face-check/pass-check.ts';
import { publicOutcome } from '../login/describe-session.ts';
import { endWithoutFace } from '../login/end-session.ts';
import { type FindSessionPorts, type FoundSession, findSession } from '../login/find-session.ts';
import { isRightCode, waitingCheck } from '../model/handoff.ts';
import { loginEnd } from '../model/login-end.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import {
  currentOutcome,
  type Handoff,
  type PassedCheck,
  refusalNow,
  type Session,
  type SessionCredential,
} from '../model/session.ts';
import type { Users } from '../model/user.ts';

export interface ConfirmCodePorts extends FindSessionPorts {
  readonly users: Users;
  readonly clock: Clock;
}

const finished = (outcome: Outcome): ConfirmCodeResponse => ({ state: 'finished', outcome: publicOutcome(outcome) });

/** The answer after another call was faster. */
const answerOfWinner = async (ports: ConfirmCodePorts, session: Session): Promise<ConfirmCodeResponse> => {
  const current = await ports.sessions.read(session.integrationId, session.jti);
  const outcome = current === null ? null : currentOutcome(current, ports.clock());
  if (outcome === null) throw new Problem('attempt-superseded', 'the session has changed since');
  return finished(outcome);
};

const end = async (
  ports: ConfirmCodePorts,
  session: Session,
  outcome: Outcome,
  now: EpochSeconds,
  until: EpochSeconds | null = null,
) => {
  await endWithoutFace(ports.sessions, session, outcome, now, until);
  return answerOfWinner(ports, session);
};

/** Ends the login by the right code, under the same conditions as a check that ran here. */
const pass = async (
  ports: ConfirmCodePorts,
  { session, integration }: FoundSession,
  passed: PassedCheck,
  now: EpochSeconds,
): Promise<ConfirmCodeResponse> => {
  const ending = successResult(session, integration, passed.verdict, passed.reference, now);
  const result = await ports.sessions.finish(session, loginEnd(session, ending));
  if (result === 'finished') return finished(ending.outcome);
  if (result === 'session-changed') return answerOfWinner(ports, session);
  const user = await ports.users.read(session.integrationId, session.externalId);
  const refusal = rejectionReason(user, integration.lockout, now);
  return end(ports, session, refusal.outcome, now, refusal.lockedUntil);
};

/**
 * Checks the code that the device shows. Each try is counted before it is compared; after the last wrong one the login ends, and
 * the check counts as failed.
 * @throws Problem `session-not-found`; `no-attempt`: no code waits, e.g. its two minutes are over; `attempt-superseded`
 */
export const confirmCode =
  (ports: ConfirmCodePorts) =>
  async (
    credential: SessionCredential,
    code: string,
    onFound: (supportId: string) => void,
  ): Promise<ConfirmCodeResponse> => {
    const found = await findSession(ports, credential);
    const { session, integration } = found;
    onFound(session.supportId);
    const now = ports.clock();
    const outcome = currentOutcome(session, now);
    if (outcome !== null) return finished(outcome);
    const refused = refusalNow(session, integration);
    if (refused !== null) return end(ports, session, refused, now);
    const passed = waitingCheck(session, now);
    if (passed === null || session.handoff === null) throw new Problem('no-attempt', 'no check waits for a code');
    const counted: Handoff = {
      ...session.handoff,
      step: session.handoff.step + 1,
      passed: { ...passed, triesLeft: passed.triesLeft - 1 },
    };
    if (!(await ports.sessions.changeHandoff(session, counted))) return answerOfWinner(ports, session);
    if (isRightCode(session, passed, code))
      return pass(ports, { ...found, session: { ...session, handoff: counted } }, passed, now);
    if (passed.triesLeft > 1) return { state: 'again', triesLeft: passed.triesLeft - 1 };
    return end(ports, session, 'no_match', now);
  };
