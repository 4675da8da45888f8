import type { CompleteResponse } from '../../contract/api/face-check.ts';
import type { Hint, Task } from '../../contract/api/session.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { againAnswer, codeAnswer, finishedAnswer, standingAnswer } from './check-answers.ts';
import { endWithoutFace } from './end-session.ts';
import { type FindSessionPorts, findCheck } from './find-session.ts';
import { codeOf, passedCheck } from './handoff.ts';
import type { Integration } from './integration.ts';
import { type Judgement, scoreBand } from './judge-face.ts';
import {
  discardReference,
  type FaceLook,
  isPinned,
  type LookAtFacePorts,
  lookAtFace,
  type StartedAttempt,
} from './look-at-face.ts';
import { barredNow, outcomeOfMoved, passedEnding } from './pass-check.ts';
import type { Ending } from './ports.ts';
import { Problem } from './problem.ts';
import {
  type Attempt,
  attemptsLeft,
  type Caller,
  type Handoff,
  refusalNow,
  type Session,
  type SessionCredential,
  type Verdict,
} from './session.ts';
import { lockedUntil, type Reference, type User } from './user.ts';

export interface CompleteCheckPorts extends FindSessionPorts, LookAtFacePorts {}

const startedAttempt = (session: Session): StartedAttempt => {
  const attempt = session.attempt;
  if (attempt?.status !== 'started' || attempt.livenessId === null) throw new Problem('no-attempt', 'not started');
  return { ...attempt, livenessId: attempt.livenessId };
};

const verdictOf = (attempt: StartedAttempt, outcome: Outcome, judgement: Judgement, at: EpochSeconds): Verdict => ({
  attempt: attempt.number,
  outcome,
  at,
  livenessBand: judgement.kind === 'inconclusive' ? null : scoreBand(judgement.liveness),
  similarityBand: judgement.kind === 'inconclusive' ? null : scoreBand(judgement.similarity),
});

/** One check of one browser. */
interface Check {
  readonly session: Session;
  readonly integration: Integration;
  readonly caller: Caller;
}

/** Reads the session once more after losing a race, and gives the winner's answer. */
const answerOfWinner = async (ports: CompleteCheckPorts, { session, caller }: Check): Promise<CompleteResponse> => {
  const current = await ports.sessions.read(session.integrationId, session.jti);
  const attempt = session.attempt?.number ?? 0;
  const answer = current === null ? null : standingAnswer(current, attempt, caller, ports.clock());
  if (answer === null) throw new Problem('attempt-superseded', 'the session moved during the check');
  return answer;
};

/** Ends the login; the loser of a race gets the winner's answer. */
const finish = async (ports: CompleteCheckPorts, check: Check, ending: Ending): Promise<CompleteResponse> => {
  const { session } = check;
  const result = await ports.sessions.finish(session, ending);
  if (result === 'finished') return finishedAnswer(session, ending.outcome);
  // Another tab won: its reference stays, ours goes.
  if (ending.user.change === 'enrolled') await discardReference(ports, ending.user.reference);
  if (result === 'user-moved') {
    const user = await ports.users.read(session.integrationId, session.externalId);
    await endWithoutFace(ports.sessions, session, outcomeOfMoved(user), ending.now);
  }
  return answerOfWinner(ports, check);
};

/** Keeps a check that passed on another device until its code is entered in the browser that signs in. */
const holdForCode = async (
  ports: CompleteCheckPorts,
  check: Check,
  attempt: StartedAttempt,
  verdict: Verdict,
  stored: Reference | null,
): Promise<CompleteResponse> => {
  const { session, caller } = check;
  if (session.handoff === null) throw new Problem('attempt-superseded', 'the link was replaced');
  const passed = passedCheck(session, codeOf(caller.secret, session, attempt.number), verdict, stored, verdict.at);
  const handoff: Handoff = { ...session.handoff, step: session.handoff.step + 1, passed };
  const judged: Attempt = { ...attempt, status: 'judged' };
  if (await ports.sessions.changeHandoff(session, handoff, judged)) {
    const answer = codeAnswer({ ...session, handoff, attempt: judged }, caller, verdict.at);
    if (answer !== null) return answer;
  }
  if (stored !== null) await discardReference(ports, stored);
  return answerOfWinner(ports, check);
};

const settleInconclusive = async (
  ports: CompleteCheckPorts,
  check: Check,
  judgement: Extract<Judgement, { kind: 'inconclusive' }>,
  now: EpochSeconds,
): Promise<CompleteResponse> => {
  const { session } = check;
  if (attemptsLeft(session) === 0) {
    await endWithoutFace(ports.sessions, session, 'unavailable', now);
    return answerOfWinner(ports, check);
  }
  if (session.attempt !== null) {
    // With the reason, so that a repeated `complete` says the same.
    const released: Attempt = { ...session.attempt, outcome: judgement.reason, hints: judgement.hints };
    await ports.sessions.releaseAttempt(session, released);
  }
  return againAnswer(session, judgement.reason, judgement.hints);
};

const settleFailure = async (
  ports: CompleteCheckPorts,
  check: Check,
  user: User | null,
  failure: { readonly attempt: StartedAttempt; readonly verdict: Verdict; readonly hints: readonly Hint[] },
): Promise<CompleteResponse> => {
  const { session, integration } = check;
  const { verdict } = failure;
  const until = lockedUntil(user, integration.lockout, verdict.at);
  if (until !== null || attemptsLeft(session) === 0) {
    const outcome = until === null ? verdict.outcome : 'locked';
    return finish(ports, check, { outcome, now: verdict.at, verdict, lockedUntil: until, user: { change: 'none' } });
  }
  const judged: Attempt = { ...failure.attempt, status: 'judged', outcome: verdict.outcome, hints: failure.hints };
  if (!(await ports.sessions.judgeAttempt(session, judged, verdict))) {
    return answerOfWinner(ports, check);
  }
  return againAnswer(session, verdict.outcome, failure.hints);
};

const settle = async (
  ports: CompleteCheckPorts,
  check: Check,
  attempt: StartedAttempt,
  looked: FaceLook,
): Promise<CompleteResponse> => {
  const { session, integration, caller } = check;
  const { judgement, user, stored } = looked;
  const now = ports.clock();
  if (!isPinned(session, user)) {
    await endWithoutFace(ports.sessions, session, outcomeOfMoved(user), now);
    return answerOfWinner(ports, check);
  }
  const barred = barredNow(user, integration, attempt, now);
  if (barred !== null) {
    if (stored !== null) await discardReference(ports, stored);
    // A face that reached the engine stays counted: given back, it would end the lock that it ran into.
    const wasJudged = judgement.kind !== 'inconclusive';
    await ports.sessions.finish(session, {
      ...barred,
      now,
      verdict: null,
      user: { change: wasJudged ? 'none' : 'refund' },
    });
    return answerOfWinner(ports, check);
  }
  if (judgement.kind === 'inconclusive') return settleInconclusive(ports, check, judgement, now);
  if (judgement.kind === 'failed') {
    const verdict = verdictOf(attempt, judgement.outcome, judgement, now);
    return settleFailure(ports, check, user, { attempt, verdict, hints: judgement.hints });
  }
  // Success needs the one exact word; whatever else a judgement may be one day, it is not that.
  if (judgement.kind !== 'passed' || (session.task === 'enroll') !== (stored !== null)) {
    throw new Problem('unavailable', 'a judgement without an outcome');
  }
  const verdict = verdictOf(attempt, stored === null ? 'verified' : 'enrolled', judgement, now);
  if (caller.role === 'device') return holdForCode(ports, check, attempt, verdict, stored);
  return finish(ports, check, passedEnding(session, integration, verdict, stored, now));
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
    const standing = standingAnswer(session, attempt, check.caller, now);
    if (standing !== null) return standing;
    const refused = refusalNow(session, integration);
    if (refused !== null) {
      await endWithoutFace(ports.sessions, session, refused, now);
      return answerOfWinner(ports, check);
    }
    const started = startedAttempt(session);
    return settle(ports, check, started, await lookAtFace(ports, session, integration, started));
  };
