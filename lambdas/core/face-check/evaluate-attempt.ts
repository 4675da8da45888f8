import { firstCheckAt } from '../jobs/expire-face.ts';
import type { FaceEngine, LivenessResult } from '../model/face-engine.ts';
import type { Integration } from '../model/integration.ts';
import type { JobQueue } from '../model/job.ts';
import type { Log } from '../model/ports.ts';
import type { PreparedReference, ReferenceOwner, References } from '../model/references.ts';
import type { Session, StartedAttempt } from '../model/session.ts';
import { type Reference, type User, type Users, withinRetention } from '../model/user.ts';
import {
  type ClaimAttemptPorts,
  type ClaimedAttempt,
  type ClaimResult,
  claimAttempt,
  isClaimed,
} from './claim-attempt.ts';
import { type Judgement, judgeFace, judgeLiveness, type LiveFace } from './judge-face.ts';

export interface EvaluateAttemptPorts extends ClaimAttemptPorts {
  readonly users: Users;
  readonly faces: FaceEngine;
  readonly references: References;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly log: Log;
}

const ownerOf = (ports: EvaluateAttemptPorts, session: Session): ReferenceOwner => ({
  integrationId: session.integrationId,
  externalId: session.externalId,
  engine: ports.faces.engine,
});

/**
 * True if the user's row is still the one that the session began with: deleting, resetting or enrolling elsewhere changes it. The
 * reference is compared by its id too: a row that was deleted and created again counts its versions from the beginning.
 */
export const matchesSession = (session: Session, user: User | null): user is User =>
  user !== null &&
  user.version === session.userVersion &&
  (session.task === 'verify') === (user.reference !== null) &&
  user.reference?.referenceId === session.reference?.referenceId;

/** What one `complete` has claimed, read and prepared. Steps that do not depend on each other run concurrently. */
export interface AttemptEvaluation {
  readonly kind: 'evaluated';
  readonly attempt: ClaimedAttempt;
  readonly judgement: Judgement;
  readonly user: User | null;
  /** The sealed, stored picture of an enrollment that passed; null otherwise. */
  readonly stored: Reference | null;
}

/** Removes a stored picture that no row names. */
export const discardReference = async (
  ports: Pick<EvaluateAttemptPorts, 'references' | 'log'>,
  stored: Pick<Reference, 'objectKey'>,
): Promise<void> => {
  // Without its row the data key is lost and the bytes cannot be read. The object's job removes it later.
  await ports.references.remove(stored).catch(() => ports.log('face-object-left', {}));
};

/** Prepares the storing of a picture. The object's job is stored before the object can exist. */
const prepareReference = async (ports: EvaluateAttemptPorts, owner: ReferenceOwner): Promise<PreparedReference> => {
  const objectKey = ports.references.newObjectKey();
  const { integrationId, externalId } = owner;
  const [prepared] = await Promise.all([
    ports.references.prepare(owner, objectKey),
    ports.jobs.add({ kind: 'face-object', integrationId, externalId, objectKey }, firstCheckAt(ports.clock())),
  ]);
  return prepared;
};

/** Stores the picture while its faces are counted. If either fails, nothing readable stays. */
const judgeEnrollment = async (
  ports: EvaluateAttemptPorts,
  integration: Integration,
  live: LiveFace,
  prepared: PreparedReference,
): Promise<Pick<AttemptEvaluation, 'judgement' | 'stored'>> => {
  const [judged, stored] = await Promise.allSettled([
    judgeFace(ports.faces, integration, live, null),
    prepared.store(live.image, ports.clock()),
  ]);
  const isKept = judged.status === 'fulfilled' && judged.value.kind === 'passed' && stored.status === 'fulfilled';
  if (!isKept) await discardReference(ports, prepared);
  if (judged.status === 'rejected') throw judged.reason;
  if (judged.value.kind === 'passed' && stored.status === 'rejected') throw stored.reason;
  return { judgement: judged.value, stored: isKept ? stored.value : null };
};

type Judged = Pick<AttemptEvaluation, 'judgement' | 'user' | 'stored'>;

interface Fetched {
  readonly result: LivenessResult | null;
  readonly row: User | null;
  readonly loaded: PromiseSettledResult<Uint8Array | null>;
  readonly prepared: PreparedReference | null;
}

const fetchAll = async (ports: EvaluateAttemptPorts, session: Session, attempt: StartedAttempt): Promise<Fetched> => {
  const owner = ownerOf(ports, session);
  const [result, row, [loaded], prepared] = await Promise.all([
    ports.faces.readLiveness(attempt.livenessId),
    ports.users.read(session.integrationId, session.externalId),
    Promise.allSettled([session.reference === null ? null : ports.references.load(owner, session.reference)]),
    session.task === 'enroll' ? prepareReference(ports, owner) : null,
  ]);
  return { result, row, loaded, prepared };
};

const judgeFetched = async (
  ports: EvaluateAttemptPorts,
  session: Session,
  integration: Integration,
  attempt: StartedAttempt,
  { result, row, loaded, prepared }: Fetched,
): Promise<Judged> => {
  const user = withinRetention(row, ports.clock());
  const nothing: Judged = {
    judgement: { kind: 'inconclusive', reason: 'unavailable', hints: [] },
    user,
    stored: null,
  };
  if (loaded.status === 'rejected') {
    // If the user was deleted in the meantime, the face is gone too. That is not a failure: the caller ends the session.
    if (matchesSession(session, user)) throw loaded.reason;
    return nothing;
  }
  const reference = loaded.value;
  const live = judgeLiveness(result, { livenessId: attempt.livenessId, session, integration });
  if (live.kind !== 'live') return { judgement: live, user, stored: null };
  if (!matchesSession(session, user) || (reference === null && prepared === null)) return nothing;
  if (prepared !== null) return { ...(await judgeEnrollment(ports, integration, live, prepared)), user };
  return { judgement: await judgeFace(ports.faces, integration, live, reference), user, stored: null };
};

/**
 * Claims one attempt and concurrently reads all that it needs, then judges the face. Stores the picture of an enrollment that
 * passed; nothing else is written. If there is no verdict, the claim is given back and the guess does not count.
 * @returns the evaluation; or why this caller judges nothing
 * @throws Problem `unavailable` if Rekognition, the store or the keys are not available
 */
export const evaluateAttempt = async (
  ports: EvaluateAttemptPorts,
  session: Session,
  integration: Integration,
  started: StartedAttempt,
): Promise<AttemptEvaluation | Exclude<ClaimResult, { kind: 'claimed' }>> => {
  const [claim, fetched] = await Promise.allSettled([
    claimAttempt(ports, session, integration, started),
    fetchAll(ports, session, started),
  ]);
  if (claim.status === 'rejected') throw claim.reason;
  if (claim.value.kind !== 'claimed') return claim.value;
  const { attempt } = claim.value;
  try {
    if (fetched.status === 'rejected') throw fetched.reason;
    return { kind: 'evaluated', attempt, ...(await judgeFetched(ports, session, integration, attempt, fetched.value)) };
  } catch (error) {
    // If that fails too, or the claim has ended in the meantime, the guess stays counted.
    await ports.sessions
      .dropClaim(session, attempt, isClaimed(attempt, ports.clock()))
      .catch(() => ports.log('claim-left', {}));
    throw error;
  }
};
