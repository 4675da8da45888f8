import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectJob, JobResult } from '../model/job.ts';
import type { Clock } from '../model/ports.ts';
import type { References } from '../model/references.ts';
import type { User, Users } from '../model/user.ts';

export interface FaceRetention {
  /**
   * Removes the user's row if it still holds this reference and its retention is over.
   * @returns false if the user has used the face since
   */
  expire(user: User, now: EpochSeconds): Promise<boolean>;
}

export interface ExpireFacePorts {
  readonly users: Users & FaceRetention;
  readonly references: Pick<References, 'remove'>;
  readonly clock: Clock;
}

/** Longer than any login lives (session timeout at most 30 minutes): then an object without a row will not get one any more. */
const SETTLED_AFTER_SECONDS = 3600;

/** When to first check a face that is about to be stored. */
export const firstCheckAt = (now: EpochSeconds): EpochSeconds => addSeconds(now, SETTLED_AFTER_SECONDS);

/**
 * Decides about one stored face: if it is in use, it is checked again when its retention ends. If it has been unused for that long, the
 * user's row is removed and then the bytes. If no row names it (a lost race, a crash, a deleted user), the bytes are removed.
 */
export const expireFace = async (ports: ExpireFacePorts, work: FaceObjectJob): Promise<JobResult> => {
  const now = ports.clock();
  const user = await ports.users.read(work.integrationId, work.externalId);
  if (user?.reference?.objectKey === work.objectKey) {
    if (user.purgeAt !== null && now < user.purgeAt) return { again: user.purgeAt };
    if (user.purgeAt !== null && !(await ports.users.expire(user, now))) return { again: firstCheckAt(now) };
    if (user.purgeAt === null) return { again: firstCheckAt(now) };
  }
  await ports.references.remove(work);
  return 'done';
};
