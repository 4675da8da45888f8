import { type EpochSeconds, fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Session } from './session.ts';
import type { DeliveryJob, EventJob } from './webhook.ts';

/**
 * Check one stored face until it is deleted. Written before the object, so that no object exists without a job: not after a crash, and
 * not after the user's row is gone.
 */
export interface FaceObjectJob {
  readonly kind: 'face-object';
  readonly integrationId: string;
  readonly externalId: string;
  /** Name in the face bucket. */
  readonly objectKey: string;
}

/** Notify a user by e-mail that a face was enrolled. The address is still sealed with the integration's pii key. */
export interface EnrollmentNoticeJob {
  readonly kind: 'enrollment-notice';
  readonly integrationId: string;
  readonly jti: string;
  readonly supportId: string;
  readonly sealedPii: string;
  readonly keyGeneration: number;
  readonly enrolledAt: EpochSeconds;
}

/** Remove all users of an integration that was deleted. */
export interface DeleteUsersJob {
  readonly kind: 'people-of-integration';
  readonly integrationId: string;
  readonly deletedAt: EpochSeconds;
}

/** A login's time is over. What it stored of a face must not outlive it. */
export interface SessionEndJob {
  readonly kind: 'session-end';
  readonly integrationId: string;
  readonly jti: string;
}

/** Check whether a liveness session that was started was ever used. */
export interface LivenessStartJob {
  readonly kind: 'liveness-start';
  readonly integrationId: string;
  readonly externalId: string;
  readonly livenessId: string;
  /** The count of starts that it was counted in. */
  readonly startsSince: EpochSeconds;
  /** Null if the previous release wrote it. */
  readonly startedAt: EpochSeconds | null;
}

export type Job =
  | SessionEndJob
  | LivenessStartJob
  | FaceObjectJob
  | EnrollmentNoticeJob
  | DeleteUsersJob
  | EventJob
  | DeliveryJob;

/** A job that is to be queued. */
export interface DueJob<Work extends Job = Job> {
  readonly work: Work;
  readonly dueAt: EpochSeconds;
}

/**
 * Which queue a job waits in. Events and deliveries can be more than a run gets done, because of slow receivers or many logins. They
 * wait in queues of their own, so that notices and deletions never wait behind them. There are as many ended sessions as logins. Starts
 * have to be checked before Rekognition forgets them.
 */
export type QueueName = 'people' | 'events' | 'deliveries' | 'sessions' | 'starts';

export const queueOf = ({ kind }: Job): QueueName => {
  if (kind === 'webhook-delivery') return 'deliveries';
  if (kind === 'session-end') return 'sessions';
  if (kind === 'liveness-start') return 'starts';
  return kind === 'event' ? 'events' : 'people';
};

/** A job in the queue. */
export interface QueuedJob {
  /** Where the store keeps it. Release 0.1 kept everything in one queue. */
  readonly dueDay: string;
  /** Random; distinguishes jobs that are due in the same second. */
  readonly workId: string;
  readonly dueAt: EpochSeconds;
  /** The number of failed attempts. */
  readonly failures: number;
  readonly work: Job;
}

/** The result of a job: `done` removes it, else when to run it again. */
export type JobResult = 'done' | { readonly again: EpochSeconds };

/** Jobs to be done at or after a time, in separate queues, each at least once. Whatever runs a job must tolerate repetition. */
export interface JobQueue {
  add(work: Job, dueAt: EpochSeconds): Promise<void>;
  /**
   * Up to `limit` jobs of one queue that are due at `now`, oldest first. `unreadable` counts rows of a form that this release does not
   * know.
   */
  due(
    queue: QueueName,
    now: EpochSeconds,
    limit: number,
  ): Promise<{ readonly items: readonly QueuedJob[]; readonly unreadable: number }>;
  /** Removes a job. */
  done(item: QueuedJob): Promise<void>;
  /** Moves a job to another time, and to the queue it belongs to, in one transaction. */
  postpone(item: QueuedJob, dueAt: EpochSeconds, failures: number): Promise<void>;
}

/** The UTC day, `YYYY-MM-DD`: the partitions of a queue. */
export const dayOf = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 10);

const DAY_MS = 86_400_000;

/** The days from `first` to `last`, both included. */
export const daysBetween = (first: string, last: string): readonly string[] => {
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += DAY_MS) days.push(dayOf(fromMilliseconds(ms)));
  return days;
};

/** The job for the end of a session's time. */
export const sessionEndJob = ({ integrationId, jti, expiresAt }: Session): DueJob<SessionEndJob> => ({
  work: { kind: 'session-end', integrationId, jti },
  dueAt: expiresAt,
});

/** The notice due for an enrollment, or null if the login came without an address. */
export const enrollmentNotice = (session: Session, enrolledAt: EpochSeconds): EnrollmentNoticeJob | null =>
  session.sealedPii === null
    ? null
    : {
        kind: 'enrollment-notice',
        integrationId: session.integrationId,
        jti: session.jti,
        supportId: session.supportId,
        sealedPii: session.sealedPii,
        keyGeneration: session.keyGeneration,
        enrolledAt,
      };
