import type { CompleteResponse } from '../../contract/api/face-check.ts';
import type { Hint, Task } from '../../contract/api/session.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { publicOutcome } from './describe-session.ts';
import { endWithoutFace } from './end-session.ts';
import { type FindSessionPorts, findSession } from './find-session.ts';
import type { Integration } from './integration.ts';
import { type Judgement, judgeFace, judgeLiveness, scoreBand } from './judge-face.ts';
import { notifyEnrolled } from './notify-enrolled.ts';
import type { Clock, Ending, FaceEngine, KeyVault, Log, Notices, ReferenceOwner, References, Users } from './ports.ts';
import { Problem } from './problem.ts';
import {
  type Attempt,
  attemptsLeft,
  type Session,
  type SessionCredential,
  standingOutcome,
  type Verdict,
} from './session.ts';
import { countedFailures, lockedUntil, type User } from './user.ts';

export interface CompleteCheckPorts extends FindSessionPorts {
  readonly users: Users;
  readonly faces: FaceEngine;
  readonly references: References;
  readonly keyVault: KeyVault;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Log;
}

type Started = Attempt & { readonly livenessId: string };

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

const startedAttempt = (session: Session): Started => {
  const attempt = session.attempt;
  if (attempt?.status !== 'started' || attempt.livenessId === null) throw new Problem('no-attempt', 'not started');
  return { ...attempt, livenessId: attempt.livenessId };
};

const ownerOf = (ports: CompleteCheckPorts, session: Session): ReferenceOwner => ({
  integrationId: session.integrationId,
  externalId: session.externalId,
  engine: ports.faces.engine,
});

/** True if the person's row is still what the session began with: deleting, resetting or enrolling elsewhere breaks it. */
const isPinned = (session: Session, user: User | null): user is User =>
  user !== null && user.version === session.userVersion && (session.task === 'verify') === (user.reference !== null);

const judge = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  attempt: Started,
): Promise<{ readonly judgement: Judgement; readonly user: User | null }> => {
  const loadReference = async (user: User | null) =>
    user?.reference == null ? null : ports.references.load(ownerOf(ports, session), user.reference);
  const reading = ports.users.read(session.integrationId, session.externalId);
  const [result, user, reference] = await Promise.all([
    ports.faces.readLiveness(attempt.livenessId),
    reading,
    session.task === 'verify' ? reading.then(loadReference) : null,
  ]);
  const liveness = judgeLiveness(result, { livenessId: attempt.livenessId, session, integration });
  if (liveness.kind !== 'live') return { judgement: liveness, user };
  if (!isPinned(session, user)) return { judgement: { kind: 'inconclusive', reason: 'unavailable', hints: [] }, user };
  return { judgement: await judgeFace(ports.faces, integration, liveness, reference), user };
};

const verdictOf = (attempt: Started, outcome: Outcome, judgement: Judgement, at: EpochSeconds): Verdict => ({
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

const finish = async (ports: CompleteCheckPorts, session: Session, ending: Ending): Promise<CompleteResponse> => {
  const result = await ports.sessions.finish(session, ending);
  if (result === 'finished') return finishedAnswer(session, ending.outcome);
  if (result === 'user-moved') {
    await endWithoutFace(ports.sessions, session, 'conflict', ending.now);
  }
  return answerOfWinner(ports, session, session.attempt?.number ?? 0);
};

const enrol = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  image: Uint8Array,
  ending: Omit<Ending, 'user'>,
): Promise<CompleteResponse> => {
  const reference = await ports.references.store(ownerOf(ports, session), image, ending.now);
  const change = { change: 'enrolled', reference, consent: session.consent } as const;
  const answer = await finish(ports, session, { ...ending, user: change });
  if (answer.outcome !== 'enrolled') {
    // Another tab won: its reference stays, ours goes. Without the row its key is lost anyway.
    await ports.references.remove(reference);
    return answer;
  }
  await notifyEnrolled(ports, session, integration, ending.now);
  return answer;
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
  await ports.sessions.releaseAttempt(session, session.attempt?.number ?? 0, now);
  return againAnswer(session, judgement.reason, judgement.hints);
};

const settleFailure = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  user: User | null,
  failure: { readonly attempt: Started; readonly verdict: Verdict; readonly hints: readonly Hint[] },
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

const settle = async (
  ports: CompleteCheckPorts,
  session: Session,
  integration: Integration,
  attempt: Started,
  looked: { readonly judgement: Judgement; readonly user: User | null },
): Promise<CompleteResponse> => {
  const { judgement, user } = looked;
  const now = ports.clock();
  if (!isPinned(session, user)) {
    await endWithoutFace(ports.sessions, session, 'conflict', now);
    return answerOfWinner(ports, session, attempt.number);
  }
  if (judgement.kind === 'inconclusive') return settleInconclusive(ports, session, judgement, now);
  if (judgement.kind === 'failed') {
    const verdict = verdictOf(attempt, judgement.outcome, judgement, now);
    return settleFailure(ports, session, integration, user, { attempt, verdict, hints: judgement.hints });
  }
  // The attempt was counted when it was reserved; more than the limit can only mean that others failed meanwhile.
  if (
    countedFailures(user, integration.lockout, now) > integration.lockout.maxFailedAttempts &&
    integration.lockout.enabled
  ) {
    const until = lockedUntil(user, integration.lockout, now);
    await endWithoutFace(ports.sessions, session, 'locked', now, until);
    return answerOfWinner(ports, session, attempt.number);
  }
  const outcome = session.task === 'enroll' ? 'enrolled' : 'verified';
  const ending = { outcome, now, verdict: verdictOf(attempt, outcome, judgement, now), lockedUntil: null } as const;
  return session.task === 'enroll'
    ? enrol(ports, session, integration, judgement.image, ending)
    : finish(ports, session, { ...ending, user: { change: 'verified' } });
};

/**
 * Judges the browser's current attempt and, where it ends the login, writes the outcome in one transaction. The request
 * names no liveness session and carries no image: both are the server's own. Repeating it gives the same answer.
 * @throws Problem `session-not-found`, `wrong-task`, `no-attempt`, `attempt-superseded`, `unavailable` (nothing is lost: call again)
 */
export const completeCheck =
  (ports: CompleteCheckPorts, task: Task) =>
  async (credential: SessionCredential, attempt: number): Promise<CompleteResponse> => {
    const { session, integration } = await findSession(ports, credential);
    if (session.task !== task) throw new Problem('wrong-task', 'the session has the other task');
    const now = ports.clock();
    const standing = standingAnswer(session, attempt, now);
    if (standing !== null) return standing;
    if (!integration.enabled) {
      await endWithoutFace(ports.sessions, session, 'disabled', now);
      return answerOfWinner(ports, session, attempt);
    }
    const started = startedAttempt(session);
    return settle(ports, session, integration, started, await judge(ports, session, integration, started));
  };
