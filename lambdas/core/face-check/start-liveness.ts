import { createHash } from 'node:crypto';
import type { StartLivenessRequest, StartLivenessResponse } from '../../../contract/api/face-check.ts';
import type { Task } from '../../../contract/api/session.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { endWithoutFace } from '../login/end-session.ts';
import { type FindSessionPorts, type FoundCheck, findCheck } from '../login/find-session.ts';
import { onCurrentSession } from '../login/on-current-session.ts';
import { hashConsentText } from '../model/consent-version.ts';
import type { FaceEngine, StreamCredentialIssuer } from '../model/face-engine.ts';
import type { Integration } from '../model/integration.ts';
import { lockedUntil } from '../model/lockout.ts';
import { checkOfStart, nextStart, STREAM_SECONDS, type StartCount, startsBusySeconds } from '../model/paid-starts.ts';
import type { Clock } from '../model/ports.ts';
import { Problem, unavailable } from '../model/problem.ts';
import {
  type Attempt,
  attemptsLeft,
  type Caller,
  canRunHere,
  currentOutcome,
  refusalNow,
  type Session,
  type SessionCredential,
  startedBy,
} from '../model/session.ts';
import type { Consent, User } from '../model/user.ts';

export interface StartLivenessPorts extends FindSessionPorts {
  readonly faces: FaceEngine;
  readonly streamCredentials: StreamCredentialIssuer;
  readonly clock: Clock;
}

/** Parallel starts of one user may collide on the user's row. After this many collisions the caller has to wait. */
const MAX_COLLISIONS = 12;

const FINISHED: StartLivenessResponse = { state: 'finished' };

const givenConsent = (
  session: Session,
  integration: Integration,
  request: StartLivenessRequest,
  now: EpochSeconds,
): Consent | null => {
  if (!session.consentNeeded || session.consent !== null) return session.consent;
  if (request.consent?.version !== integration.consent.version) {
    throw new Problem('consent-required', 'no consent to the current text');
  }
  const { version, text } = integration.consent;
  return { version, textSha256: hashConsentText(text), locale: request.consent.locale, at: now };
};

const newAttempt = (number: number, caller: Caller): Attempt => ({
  number,
  ...startedBy(caller),
  status: 'reserved',
  livenessId: null,
  series: null,
  claimedUntil: null,
  outcome: null,
  hints: [],
});

interface Check {
  readonly session: Session;
  readonly integration: Integration;
}

interface Reserved {
  readonly attempt: Attempt;
  readonly starts: StartCount;
}

/**
 * Counts the attempt on the session and its start on the user in one transaction, before anything costly runs.
 * If starts that have yet to be checked leave none, the login stays open: they may be given back within minutes.
 * @returns the reserved attempt; the end of the lock; `disabled` if the user is; `changed` if the session did
 */
const reserve = async (
  ports: StartLivenessPorts,
  { session, integration }: Check,
  attempt: Attempt,
  consent: Consent | null,
  now: EpochSeconds,
): Promise<Reserved | { readonly lockedUntil: EpochSeconds } | 'disabled' | 'changed'> => {
  let seen: User | null = null;
  for (let collision = 0; collision < MAX_COLLISIONS; collision += 1) {
    const until = lockedUntil(seen, integration.lockout, now);
    if (until !== null) return { lockedUntil: until };
    const retryAfterSeconds = startsBusySeconds(seen, now);
    if (retryAfterSeconds !== null)
      throw new Problem('unavailable', 'starts wait for their check', { retryAfterSeconds });
    const starts = nextStart(seen, now);
    const result = await ports.sessions.reserve(session, { attempt, consent, now, seen, starts });
    if (result === 'reserved') return { attempt, starts };
    if (result === 'session-changed') return 'changed';
    seen = result.user;
    if (seen?.disabled != null) return 'disabled';
  }
  throw new Problem('unavailable', 'too many parallel starts of one user');
};

const idempotencyToken = (session: Session, attempt: number): string =>
  createHash('sha256').update(`${session.integrationId}#${session.jti}#${attempt}`).digest('base64url');

const createStream = async (
  ports: StartLivenessPorts,
  session: Session,
  { attempt, starts: { startsSince } }: Reserved,
  now: EpochSeconds,
) => {
  const token = idempotencyToken(session, attempt.number);
  const created = await Promise.allSettled([
    ports.faces.createLiveness(token, session.challenge),
    ports.streamCredentials.issue(`verified-${token.slice(0, 32)}`, addSeconds(now, STREAM_SECONDS)),
  ]);
  const [liveness, credentials] = created;
  if (liveness.status === 'fulfilled' && credentials.status === 'fulfilled') {
    return { livenessId: liveness.value, credentials: credentials.value };
  }
  // No stream can be started with it.
  await ports.sessions.releaseAttempt(session, attempt, { startsSince });
  const cause = created.find((part) => part.status === 'rejected')?.reason;
  return unavailable('liveness session or credentials')(cause);
};

const endSpentSession = async (ports: StartLivenessPorts, session: Session, now: EpochSeconds) => {
  const outcome = session.verdicts.at(-1)?.outcome ?? 'unavailable';
  await endWithoutFace(ports.sessions, session, outcome, now);
  return FINISHED;
};

interface Start {
  readonly task: Task;
  readonly request: StartLivenessRequest;
  readonly secret: string;
}

/** @returns `changed` if the session changed before the attempt was reserved: nothing was written */
const startOn = async (
  ports: StartLivenessPorts,
  { session, integration, role }: FoundCheck,
  { task, request, secret }: Start,
): Promise<StartLivenessResponse | 'changed'> => {
  const now = ports.clock();
  if (currentOutcome(session, now) !== null) return FINISHED;
  if (session.task !== task) throw new Problem('wrong-task', 'the session has the other task');
  if (!canRunHere(session, role)) throw new Problem('other-device', 'the check runs where its link is opened');
  const refused = refusalNow(session, integration);
  if (refused !== null) {
    await endWithoutFace(ports.sessions, session, refused, now);
    return FINISHED;
  }
  const consent = givenConsent(session, integration, request, now);
  if (attemptsLeft(session) === 0) return endSpentSession(ports, session, now);

  const attempt = newAttempt((session.attempt?.number ?? 0) + 1, { role, secret });
  const reserved = await reserve(ports, { session, integration }, attempt, consent, now);
  if (reserved === 'changed') return 'changed';
  if (reserved === 'disabled') {
    await endWithoutFace(ports.sessions, session, 'disabled', now);
    return FINISHED;
  }
  if ('lockedUntil' in reserved) {
    await endWithoutFace(ports.sessions, session, 'locked', now, reserved.lockedUntil);
    return FINISHED;
  }
  const { livenessId, credentials } = await createStream(ports, session, reserved, now);
  const { startsSince } = reserved.starts;
  const startCheck = checkOfStart(session, reserved.starts, livenessId, now);
  if (!(await ports.sessions.startAttempt(session, attempt, { livenessId, now, startsSince, startCheck }))) {
    throw new Problem('attempt-superseded', 'another attempt was started in the meantime');
  }
  return {
    state: 'started',
    attempt: attempt.number,
    attemptsLeft: attemptsLeft(session) - 1,
    livenessSessionId: livenessId,
    region: ports.streamCredentials.region,
    challenge: session.challenge,
    credentials,
  };
};

/**
 * Starts one attempt: reserves it, creates the Rekognition liveness session and returns credentials for its stream only.
 * @param task what the endpoint is for; the session's own task decides
 * @param onFound gets the support id as soon as the session is known, for the log of whatever follows
 * @throws Problem `session-not-found`, `wrong-task`, `other-device`, `consent-required`, `attempt-superseded`, `unavailable`
 */
export const startLiveness =
  (ports: StartLivenessPorts, task: Task) =>
  (
    credential: SessionCredential,
    request: StartLivenessRequest,
    onFound: (supportId: string) => void = () => {},
  ): Promise<StartLivenessResponse> =>
    onCurrentSession(
      () => findCheck(ports, credential),
      (found, before) => {
        onFound(found.session.supportId);
        if (before !== null && found.session.attempt?.number !== before.session.attempt?.number) {
          throw new Problem('attempt-superseded', 'another attempt was started in the meantime');
        }
        return startOn(ports, found, { task, request, secret: credential.secret });
      },
    );
