import type { CompleteResponse } from '../../../contract/api/face-check.ts';
import type { Hint } from '../../../contract/api/session.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { codeOf, passedCheck } from '../model/handoff.ts';
import { countedFailures, lockOfFailure } from '../model/lockout.ts';
import { loginEnd, type SessionResult } from '../model/login-end.ts';
import { Problem } from '../model/problem.ts';
import { type Attempt, attemptsLeft, type Handoff, type Session, type Verdict } from '../model/session.ts';
import type { Reference, User } from '../model/user.ts';
import { againAnswer, codeAnswer, finishedAnswer } from './check-answers.ts';
import { type ClaimedAttempt, claimedAt, isClaimed } from './claim-attempt.ts';
import { answerOfWinner, type Check, endUnjudged, endUnseen, type SettleCheckPorts } from './end-check.ts';
import { type AttemptEvaluation, discardReference, matchesSession } from './evaluate-attempt.ts';
import { type Judgement, scoreBand } from './judge-face.ts';
import { rejectionReason, successResult } from './pass-check.ts';

const verdictOf = (attempt: Attempt, outcome: Outcome, judgement: Judgement, at: EpochSeconds): Verdict => ({
  attempt: attempt.number,
  outcome,
  at,
  livenessBand: judgement.kind === 'inconclusive' ? null : scoreBand(judgement.liveness),
  similarityBand: judgement.kind === 'inconclusive' ? null : scoreBand(judgement.similarity),
});

const withVerdict = (session: Session, verdict: Verdict): Session => ({
  ...session,
  verdicts: [...session.verdicts, verdict],
});

const readUser = (ports: SettleCheckPorts, { session }: Check): Promise<User | null> =>
  ports.users.read(session.integrationId, session.externalId);

/** Ends a login that passed; the loser of a race gets the winner's answer. */
const finishPassed = async (
  ports: SettleCheckPorts,
  check: Check,
  ending: SessionResult,
): Promise<CompleteResponse> => {
  const result = await ports.sessions.finish(check.session, loginEnd(check.session, ending));
  const { verdict } = ending;
  const after = verdict === null ? check.session : withVerdict(check.session, verdict);
  if (result === 'finished') return finishedAnswer(after, ending.outcome);
  // Another tab won: its reference stays, ours is removed.
  if (ending.user.change === 'enrolled') await discardReference(ports, ending.user.reference);
  if (result === 'session-changed') return answerOfWinner(ports, check);
  const user = await readUser(ports, check);
  return endUnseen(ports, check, rejectionReason(user, check.integration.lockout, ending.now));
};

/** Keeps a check that passed on another device until its code is entered in the browser that signs in. */
const holdForCode = async (
  ports: SettleCheckPorts,
  check: Check,
  attempt: Attempt,
  verdict: Verdict,
  stored: Reference | null,
): Promise<CompleteResponse> => {
  const { session, caller } = check;
  if (session.handoff === null) throw new Problem('attempt-superseded', 'the link was replaced');
  const passed = passedCheck(session, codeOf(caller.secret, session, attempt.number), verdict, stored, verdict.at);
  const handoff: Handoff = { ...session.handoff, step: session.handoff.step + 1, passed };
  const judged: Attempt = { ...attempt, status: 'judged', claimedUntil: null };
  if (await ports.sessions.changeHandoff(session, handoff, judged)) {
    const answer = codeAnswer({ ...session, handoff, attempt: judged }, caller, verdict.at);
    if (answer !== null) return answer;
  }
  if (stored !== null) await discardReference(ports, stored);
  return answerOfWinner(ports, check);
};

/** Settles an attempt that was not judged. @param isGivenBack false if the guess no longer belongs to the current series */
const settleInconclusive = async (
  ports: SettleCheckPorts,
  check: Check,
  attempt: ClaimedAttempt,
  { reason, hints }: Pick<Extract<Judgement, { kind: 'inconclusive' }>, 'reason' | 'hints'>,
  isGivenBack = true,
): Promise<CompleteResponse> => {
  const { session } = check;
  const now = ports.clock();
  // Once its claim has ended, this caller may not be the only one that settles the guess.
  const isOwed = isGivenBack && isClaimed(attempt, now);
  if (attemptsLeft(session) === 0) {
    return endUnjudged(ports, check, 'unavailable', isOwed ? attempt : null, now);
  }
  // With the reason, so that a repeated `complete` gives the same answer.
  const withReason: Attempt = { ...attempt, outcome: reason, hints };
  const released = await ports.sessions.releaseAttempt(session, withReason, isOwed ? 'guess' : 'nothing');
  return released ? againAnswer(session, reason, hints) : answerOfWinner(ports, check);
};

interface Failure {
  readonly attempt: ClaimedAttempt;
  readonly verdict: Verdict;
  readonly hints: readonly Hint[];
}

/** Counts the failure with the verdict, or gives no verdict: a guess that cannot be counted must not disclose anything. */
const writeFailure = (ports: SettleCheckPorts, check: Check, failure: Failure, until: EpochSeconds | null) => {
  const { session, integration } = check;
  const { attempt, verdict, hints } = failure;
  const { enabled, maxFailedAttempts, lockSeconds, windowSeconds } = integration.lockout;
  // Whether this guess is the last was decided on what was read before. If others have failed since, it may be the last only now.
  const below = enabled && until === null ? maxFailedAttempts - 1 : null;
  const since = addSeconds(verdict.at, -Math.min(lockSeconds, windowSeconds));
  const counted = { series: attempt.series, since, below };
  if (until === null && attemptsLeft(withVerdict(session, verdict)) > 0) {
    const judged: Attempt = { ...attempt, status: 'judged', claimedUntil: null, outcome: verdict.outcome, hints };
    return ports.sessions.judgeAttempt(session, judged, verdict, counted);
  }
  const outcome = until === null ? verdict.outcome : 'locked';
  const user = { change: 'failed', ...counted } as const;
  const result = { outcome, now: verdict.at, verdict, lockedUntil: until, user };
  return ports.sessions.finish(session, loginEnd(session, result));
};

const settleFailure = async (
  ports: SettleCheckPorts,
  check: Check,
  user: User | null,
  failure: Failure,
): Promise<CompleteResponse> => {
  const { lockout } = check.integration;
  const { attempt, verdict, hints } = failure;
  const at = claimedAt(attempt);
  const lockAfter = (seen: User | null) => lockOfFailure(countedFailures(seen, lockout, at), lockout, at);
  // The row was read in parallel with the claim, so it may be older.
  let until = user?.series === attempt.series ? lockAfter(user) : null;
  let result = await writeFailure(ports, check, failure, until);
  if (result === 'user-changed' && until === null) {
    const current = await readUser(ports, check);
    until = current?.series === attempt.series ? lockAfter(current) : null;
    if (until !== null) result = await writeFailure(ports, check, failure, until);
  }
  const after = withVerdict(check.session, verdict);
  if (result === 'judged') return againAnswer(after, verdict.outcome, hints);
  if (result === 'finished') return finishedAnswer(after, until === null ? verdict.outcome : 'locked');
  if (result === 'session-changed') return answerOfWinner(ports, check);
  // A success, an operator or a new row ended the series that it was counted in.
  return settleInconclusive(ports, check, attempt, { reason: 'unavailable', hints: [] }, false);
};

/** Ends a login whose user's row is not the one that it began with, whatever the face is. */
const endChangedSession = async (
  ports: SettleCheckPorts,
  check: Check,
  { attempt, judgement, user, stored }: AttemptEvaluation,
  now: EpochSeconds,
): Promise<CompleteResponse> => {
  if (stored !== null) await discardReference(ports, stored);
  const isOwed = judgement.kind === 'inconclusive' && isClaimed(attempt, now);
  const outcome = user?.disabled != null ? 'disabled' : 'conflict';
  return endUnjudged(ports, check, outcome, isOwed ? attempt : null, now);
};

/**
 * Writes the result of one evaluation, and answers with it.
 * @throws Problem `attempt-superseded`, `unavailable`
 */
export const settleCheck = async (
  ports: SettleCheckPorts,
  check: Check,
  evaluated: AttemptEvaluation,
): Promise<CompleteResponse> => {
  const { session, integration, caller } = check;
  const { attempt, judgement, user, stored } = evaluated;
  const now = ports.clock();
  if (!matchesSession(session, user) || user.disabled !== null) return endChangedSession(ports, check, evaluated, now);
  if (judgement.kind === 'inconclusive') return settleInconclusive(ports, check, attempt, judgement);
  if (judgement.kind === 'failed') {
    const verdict = verdictOf(attempt, judgement.outcome, judgement, now);
    return settleFailure(ports, check, user, { attempt, verdict, hints: judgement.hints });
  }
  // Success needs exactly this kind. Whatever other kinds a judgement may have one day, they are not a success.
  if (judgement.kind !== 'passed' || (session.task === 'enroll') !== (stored !== null)) {
    throw new Problem('unavailable', 'a judgement without an outcome');
  }
  const verdict = verdictOf(attempt, stored === null ? 'verified' : 'enrolled', judgement, now);
  if (caller.role === 'device') return holdForCode(ports, check, attempt, verdict, stored);
  return finishPassed(ports, check, successResult(session, integration, verdict, stored, now));
};
