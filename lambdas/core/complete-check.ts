import type { CompleteResponse } from '../../contract/api/face-check.ts';
import type { Hint, Task } from '../../contract/api/session.ts';
import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { publicOutcome } from './describe-session.ts';
import { enrolmentNotice } from './due-work.ts';
import { endWithoutFace } from './end-session.ts';
import { type FindSessionPorts, findSession } from './find-session.ts';
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
import type { Ending } from './ports.ts';
import { Problem } from './problem.ts';
import {
  type Attempt,
  attemptsLeft,
  refusalNow,
  type Session,
  type SessionCredential,
  standingOutcome,
  type Verdict,
} from './session.ts';
import { lockedUntil, type Reference, type User } from './user.ts';

const DAY_SECONDS = 86_400;

export interface CompleteCheckPorts extends FindSessionPorts, LookAtFacePorts {}

const finishedAnswer = (session: Session, outcome: Outcome): CompleteResponse => ({
  state: 'finished',
  outcome: publicOutcome(outcome),
  attemptsLeft: attemptsLeft(session),
  hints: [],
});

const againAnswer = (session: Session, outcome: Outcome, hints: readonly Hint[]): CompleteResponse => ({
  state: 'again',
  outcome: publicOutcome(outcome),
  attemptsLeft: attemptsLeft(session),
  hints: [...hints],
});

/** The answer that stands already: a repeated `complete` changes nothing and says the same. */
const standingAnswer = (session: Session, attempt: number, now: EpochSeconds): CompleteResponse | null => {
  const outcome = standingOutcome(session, now);
  if (outcome !== null) return finishedAnswer(session, outcome);
  if (session.attempt === null) throw new Problem('no-attempt', 'nothing was started');
  if (session.attempt.number !== attempt) throw new Problem('attempt-superseded', 'another attempt is current');
  if (session.attempt.outcome !== null) return againAnswer(session, session.attempt.outcome, session.attempt.hints);
  return null;
};

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

/** Reads the session once more after losing a race, and gives the winner's answer. */
const answerOfWinner = async (
  ports: CompleteCheckPorts,
  session: Session,
  attempt: number,
): Promise<CompleteResponse> => {
  const current = await ports.sessions.read(session.integrationId, session.jti);
  const answer = current === null ? null : standingAnswer(current, attempt, ports.clock());
  if (answer === null) throw new Problem('attempt-superseded', 'the session moved during the check');
  return answer;
};

/** Why a login cannot go on against a person's row that is not what it began with. */
const outcomeOfMoved = (user: User | null): Outcome => (user?.disabled != null ? 'disabled' : 'conflict');

const answerAfterLosing = async (
  ports: CompleteCheckPorts,
  session: Session,
  lost: 'session-moved' | 'user-moved',
  now: EpochSeconds,
): Promise<CompleteResponse> => {
  if (lost === 'user-moved') {
    const user = await ports.users.read(session.integrationId, session.externalId);
    await endWithoutFace(ports.sessions, session, outcomeOfMoved(user), now);
  }
  return answerOfWinner(ports, session, session.attempt?.number ?? 0);
};

const finish = async (ports: CompleteCheckPorts, session: Session, ending: Ending): Promise<CompleteResponse> => {
  const result = await ports.sessions.finish(session, ending);
  return result === 'finished'
    ? finishedAnswer(session, ending.outcome)
    : answerAfterLosing(ports, session, result, ending.now);
};

const enrol = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  reference: Reference,
  ending: Omit<Ending, 'user'> & { readonly purgeAt: EpochSeconds },
): Promise<CompleteResponse> => {
  const { purgeAt, ...rest } = ending;
  const notice = integration.noticesByEmail ? enrolmentNotice(session, ending.now) : null;
  const user = { change: 'enrolled', reference, purgeAt, notice } as const;
  const result = await ports.sessions.finish(session, { ...rest, user });
  if (result === 'finished') return finishedAnswer(session, 'enrolled');
  // Another tab won: its reference stays, ours goes.
  await discardReference(ports, reference);
  return answerAfterLosing(ports, session, result, ending.now);
};

const settleInconclusive = async (
  ports: CompleteCheckPorts,
  session: Session,
  judgement: Extract<Judgement, { kind: 'inconclusive' }>,
  now: EpochSeconds,
): Promise<CompleteResponse> => {
  if (attemptsLeft(session) === 0) {
    await endWithoutFace(ports.sessions, session, 'unavailable', now);
    return answerOfWinner(ports, session, session.attempt?.number ?? 0);
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
  session: Session,
  integration: Integration,
  user: User | null,
  failure: { readonly attempt: StartedAttempt; readonly verdict: Verdict; readonly hints: readonly Hint[] },
): Promise<CompleteResponse> => {
  const { verdict } = failure;
  const until = lockedUntil(user, integration.lockout, verdict.at);
  if (until !== null || attemptsLeft(session) === 0) {
    const outcome = until === null ? verdict.outcome : 'locked';
    return finish(ports, session, { outcome, now: verdict.at, verdict, lockedUntil: until, user: { change: 'none' } });
  }
  const judged: Attempt = { ...failure.attempt, status: 'judged', outcome: verdict.outcome, hints: failure.hints };
  if (!(await ports.sessions.judgeAttempt(session, judged, verdict))) {
    return answerOfWinner(ports, session, failure.attempt.number);
  }
  return againAnswer(session, verdict.outcome, failure.hints);
};

/** What came between start and completion and holds at completion too, as the outcome; null if nothing did. */
const barredNow = (
  user: User,
  integration: Integration,
  attempt: StartedAttempt,
  now: EpochSeconds,
): Pick<Ending, 'outcome' | 'lockedUntil'> | null => {
  if (user.disabled !== null) return { outcome: 'disabled', lockedUntil: null };
  // Others used up the remaining guesses while this one was under way.
  const until = lockedUntil(user, integration.lockout, now);
  return until !== null && user.failures > attempt.ordinal ? { outcome: 'locked', lockedUntil: until } : null;
};

const settle = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  attempt: StartedAttempt,
  looked: FaceLook,
): Promise<CompleteResponse> => {
  const { judgement, user, stored } = looked;
  const now = ports.clock();
  if (!isPinned(session, user)) {
    await endWithoutFace(ports.sessions, session, outcomeOfMoved(user), now);
    return answerOfWinner(ports, session, attempt.number);
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
    return answerOfWinner(ports, session, attempt.number);
  }
  if (judgement.kind === 'inconclusive') return settleInconclusive(ports, session, judgement, now);
  if (judgement.kind === 'failed') {
    const verdict = verdictOf(attempt, judgement.outcome, judgement, now);
    return settleFailure(ports, session, integration, user, { attempt, verdict, hints: judgement.hints });
  }
  // Success needs the one exact word; whatever else a judgement may be one day, it is not that.
  if (judgement.kind !== 'passed' || (session.task === 'enroll') !== (stored !== null)) {
    throw new Problem('unavailable', 'a judgement without an outcome');
  }
  const purgeAt = addSeconds(now, integration.consent.retentionDays * DAY_SECONDS);
  const outcome = stored === null ? 'verified' : 'enrolled';
  const ending = { outcome, now, verdict: verdictOf(attempt, outcome, judgement, now), lockedUntil: null } as const;
  return stored === null
    ? finish(ports, session, { ...ending, user: { change: 'verified', purgeAt } })
    : enrol(ports, session, integration, stored, { ...ending, purgeAt });
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
    const { session, integration } = await findSession(ports, credential);
    onFound(session.supportId);
    if (session.task !== task) throw new Problem('wrong-task', 'the session has the other task');
    const now = ports.clock();
    const standing = standingAnswer(session, attempt, now);
    if (standing !== null) return standing;
    const refused = refusalNow(session, integration);
    if (refused !== null) {
      await endWithoutFace(ports.sessions, session, refused, now);
      return answerOfWinner(ports, session, attempt);
    }
    const started = startedAttempt(session);
    return settle(ports, session, integration, started, await lookAtFace(ports, session, integration, started));
  };
