import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectJob, JobResult } from '../model/job.ts';
import type { Clock } from '../model/ports.ts';
import type { References } from '../model/references.ts';
import type { User, Users } from '../model/user.ts';

export interface FaceRetention {
  /**
   * Removes the person's row if it still holds this reference and its time is over.
   * @returns false if the person used the face meanwhile
   */
  expire(user: User, now: EpochSeconds): Promise<boolean>;
}

export interface ExpireFacePorts {
  readonly users: Users & FaceRetention;
  readonly references: Pick<References, 'remove'>;
  readonly clock: Clock;
}

/** Longer than any login lives (session timeout at most 30 minutes): then an object without a row has no future. */
const SETTLED_AFTER_SECONDS = 3600;

/** When to look first at a face that is about to be stored. */
export const firstCheckAt = (now: EpochSeconds): EpochSeconds => addSeconds(now, SETTLED_AFTER_SECONDS);

/**
 * Decides about one stored face: in use, it is looked at again when its retention ends; unused for that long, the person's
 * row goes and then the bytes; named by no row (a lost race, a crash, a deleted person), the bytes go.
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
