import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { JobResult, SessionEndJob } from '../model/job.ts';
import type { Clock } from '../model/ports.ts';

export interface SessionFaces {
  /**
   * Removes what an open session past its time still holds of a face: the expected reference and a check that waits for its code, each
   * with a wrapped key.
   * @returns when the session's time is over, if that is in the future; else null
   */
  forgetFaces(integrationId: string, jti: string, now: EpochSeconds): Promise<EpochSeconds | null>;
}

export interface ForgetSessionPorts {
  readonly sessions: SessionFaces;
  readonly clock: Clock;
}

/**
 * A login that ended removed its copy of the wrapped key then; that of an abandoned one is removed here. The store's TTL may be
 * two days late (DynamoDB developer guide, TTL), and until then deleting the user would not have made the face unreadable.
 */
export const forgetSession = async (ports: ForgetSessionPorts, work: SessionEndJob): Promise<JobResult> => {
  const endsAt = await ports.sessions.forgetFaces(work.integrationId, work.jti, ports.clock());
  return endsAt === null ? 'done' : { again: endsAt };
};
