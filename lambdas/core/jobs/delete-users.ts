import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DeleteUsersJob, JobResult } from '../model/job.ts';
import type { Clock } from '../model/ports.ts';
import type { References } from '../model/references.ts';
import type { User } from '../model/user.ts';

export interface DeleteUsersPorts {
  readonly users: {
    /** Some of the users of an integration, in no order; none at the end. */
    some(integrationId: string, limit: number): Promise<readonly User[]>;
    /** Removes the row, whatever it holds. */
    drop(integrationId: string, externalId: string): Promise<void>;
  };
  readonly references: Pick<References, 'remove'>;
  readonly clock: Clock;
}

/** One run's share; the next one continues. */
const BATCH = 200;
const AT_ONCE = 10;
/** Longer than any login lives (session timeout at most 30 minutes): a login that was under way may still add a row. */
const SETTLED_AFTER_SECONDS = 3600;

const removeOne = async (ports: DeleteUsersPorts, { integrationId, externalId, reference }: User): Promise<void> => {
  // The row holds the key to the face: without it the bytes are unreadable, even if they outlive this run.
  await ports.users.drop(integrationId, externalId);
  if (reference !== null) await ports.references.remove({ objectKey: reference.objectKey });
};

/**
 * Removes the users and faces of an integration that was deleted, and runs again when none of its logins can be under way any more.
 * Bytes that an interrupted run leaves behind are removed by the faces' own jobs.
 */
export const deleteUsersOfIntegration = async (ports: DeleteUsersPorts, work: DeleteUsersJob): Promise<JobResult> => {
  const found = await ports.users.some(work.integrationId, BATCH);
  for (let at = 0; at < found.length; at += AT_ONCE) {
    await Promise.all(found.slice(at, at + AT_ONCE).map((user) => removeOne(ports, user)));
  }
  const now: EpochSeconds = ports.clock();
  if (found.length === BATCH) return { again: now };
  const settledAt = addSeconds(work.deletedAt, SETTLED_AFTER_SECONDS);
  return now < settledAt ? { again: settledAt } : 'done';
};
