import type { FaceEngine } from '../model/face-engine.ts';
import type { JobResult, LivenessStartJob } from '../model/job.ts';
import { KNOWN_SECONDS } from '../model/paid-starts.ts';
import type { Clock, Pause } from '../model/ports.ts';
import type { Users } from '../model/user.ts';

export interface RefundStartPorts {
  readonly users: Users & StartRefunds;
  readonly faces: Pick<FaceEngine, 'readLiveness'>;
  readonly clock: Clock;
  readonly pause: Pause;
}

/** Logins share Rekognition's calls per second (5 by default: service quotas, GetFaceLivenessSessionResults). */
const ASK_EVERY_MS = 300;

export interface StartRefunds {
  /**
   * Takes one start off the count that began at `startsSince`, if that is still current. If it is done twice, because housekeeping was
   * interrupted between this and the end of the job, the user gets one start too many, once, for an hour.
   */
  giveStartBack(work: LivenessStartJob): Promise<void>;
}

/**
 * Gives a start back that cost nothing: no stream ever began. One that Rekognition no longer knows (housekeeping was late, or
 * Rekognition was unavailable) stays counted until the hour is over: it may have been paid for. It is not a guess in any case.
 */
export const refundUnusedStart = async (ports: RefundStartPorts, work: LivenessStartJob): Promise<JobResult> => {
  const user = await ports.users.read(work.integrationId, work.externalId);
  // A success, or an operator, has reset the count: no need to ask Rekognition.
  if (user?.startsSince !== work.startsSince) return 'done';
  if (work.startedAt !== null && ports.clock() - work.startedAt >= KNOWN_SECONDS) return 'done';
  const result = await ports.faces.readLiveness(work.livenessId);
  if (result?.status === 'CREATED' || result?.status === 'EXPIRED') await ports.users.giveStartBack(work);
  await ports.pause(ASK_EVERY_MS);
  return 'done';
};
