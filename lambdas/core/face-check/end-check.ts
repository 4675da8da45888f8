import type { CompleteResponse } from '../../../contract/api/face-check.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { endWithoutFace } from '../login/end-session.ts';
import type { FindSessionPorts } from '../login/find-session.ts';
import type { Integration } from '../model/integration.ts';
import { loginEnd, type SessionResult, type UserChange } from '../model/login-end.ts';
import { Problem } from '../model/problem.ts';
import type { Attempt, Caller, Session } from '../model/session.ts';
import { currentAnswer } from './check-answers.ts';
import type { EvaluateAttemptPorts } from './evaluate-attempt.ts';

export interface SettleCheckPorts extends FindSessionPorts, EvaluateAttemptPorts {}

/** One check of one browser. */
export interface Check {
  readonly session: Session;
  readonly integration: Integration;
  readonly caller: Caller;
}

/** Reads the session once more after losing a race, and gives the winner's answer. */
export const answerOfWinner = async (
  ports: SettleCheckPorts,
  { session, caller }: Check,
): Promise<CompleteResponse> => {
  const current = await ports.sessions.read(session.integrationId, session.jti);
  const attempt = session.attempt?.number ?? 0;
  const answer = current === null ? null : currentAnswer(current, attempt, caller, ports.clock());
  if (answer === null) throw new Problem('attempt-superseded', 'the session changed during the check');
  return answer;
};

/** Ends the login without a face, and gives the answer that is then current. */
export const endUnseen = async (
  ports: SettleCheckPorts,
  check: Check,
  { outcome, lockedUntil }: Pick<SessionResult, 'outcome' | 'lockedUntil'>,
): Promise<CompleteResponse> => {
  await endWithoutFace(ports.sessions, check.session, outcome, ports.clock(), lockedUntil);
  return answerOfWinner(ports, check);
};

/**
 * Ends a login whose attempt led to no verdict.
 * @param owed the attempt whose guess is to be given back; null for none
 */
export const endUnjudged = async (
  ports: SettleCheckPorts,
  check: Check,
  outcome: Outcome,
  owed: Attempt | null,
  now: EpochSeconds,
): Promise<CompleteResponse> => {
  const finish = (user: UserChange) => {
    const result = { outcome, now, verdict: null, lockedUntil: null, user };
    return ports.sessions.finish(check.session, loginEnd(check.session, result));
  };
  const ended = await finish(owed === null ? { change: 'none' } : { change: 'refund', attempt: owed });
  // If there is nothing to give back, the session ends all the same.
  if (owed !== null && ended === 'user-changed') await finish({ change: 'none' });
  return answerOfWinner(ports, check);
};
