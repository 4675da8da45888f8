import type { CompleteResponse } from '../../../contract/api/face-check.ts';
import type { Hint } from '../../../contract/api/session.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { publicOutcome } from '../login/describe-session.ts';
import { codeOf, waitingCheck } from '../model/handoff.ts';
import { Problem } from '../model/problem.ts';
import { attemptsLeft, type Caller, currentOutcome, hasStarted, type Session } from '../model/session.ts';

export const finishedAnswer = (session: Session, outcome: Outcome): CompleteResponse => ({
  state: 'finished',
  outcome: publicOutcome(outcome),
  attemptsLeft: attemptsLeft(session),
  hints: [],
});

export const againAnswer = (session: Session, outcome: Outcome, hints: readonly Hint[]): CompleteResponse => ({
  state: 'again',
  outcome: publicOutcome(outcome),
  attemptsLeft: attemptsLeft(session),
  hints: [...hints],
});

/** The code of the check that waits for one, for the device that passed it; null if none waits. */
export const codeAnswer = (session: Session, caller: Caller, now: EpochSeconds): CompleteResponse | null => {
  const passed = caller.role === 'device' ? waitingCheck(session, now) : null;
  if (passed === null) return null;
  return { state: 'code', code: codeOf(caller.secret, session, passed.attempt), endsAt: passed.codeEndsAt, now };
};

/**
 * The answer that is already known: a repeated `complete` changes nothing and gives the same answer. Null if the attempt has yet to be
 * judged.
 * @throws Problem `no-attempt`; `attempt-superseded`: another attempt, or another browser's
 */
export const currentAnswer = (
  session: Session,
  attempt: number,
  caller: Caller,
  now: EpochSeconds,
): CompleteResponse | null => {
  const outcome = currentOutcome(session, now);
  if (outcome !== null) return finishedAnswer(session, outcome);
  const current = session.attempt;
  if (current === null) throw new Problem('no-attempt', 'nothing was started');
  // A check of another browser counts only by its code: an answer here would let the login pass without one.
  if (current.number !== attempt || !hasStarted(current, caller)) {
    throw new Problem('attempt-superseded', 'another attempt is current');
  }
  if (current.outcome !== null) return againAnswer(session, current.outcome, current.hints);
  return codeAnswer(session, caller, now);
};
