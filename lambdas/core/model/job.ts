import { type EpochSeconds, fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Session } from './session.ts';
import type { DeliveryJob, EventJob } from './webhook.ts';

/**
 * Look after one stored face until it is deleted. Written before the object is, so that no object exists that nobody looks
 * after: not after a crash, not after the person's row is gone.
 */
export interface FaceObjectJob {
  readonly kind: 'face-object';
  readonly integrationId: string;
  readonly externalId: string;
  /** Name in the face bucket. */
  readonly objectKey: string;
}

/** Tell a person by e-mail that a face was enrolled; the address is still sealed with the integration's pii key. */
export interface EnrollmentNoticeJob {
  readonly kind: 'enrollment-notice';
  readonly integrationId: string;
  readonly jti: string;
  readonly supportId: string;
  readonly sealedPii: string;
  readonly keyGeneration: number;
  readonly enrolledAt: EpochSeconds;
}

/** Remove everybody of an integration that was deleted. */
export interface DeleteUsersJob {
  readonly kind: 'people-of-integration';
  readonly integrationId: string;
  readonly deletedAt: EpochSeconds;
}

/** A login's time is over: what it held of a face must not outlive it. */
export interface SessionEndJob {
  readonly kind: 'session-end';
  readonly integrationId: string;
  readonly jti: string;
}

/** Look whether a liveness session that was started was ever used. */
export interface LivenessStartJob {
  readonly kind: 'liveness-start';
  readonly integrationId: string;
  readonly externalId: string;
  readonly livenessId: string;
  /** Which count of starts it was counted in. */
  readonly startsSince: EpochSeconds;
  /** Null for one that the release before put. */
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

/** A piece of work that is to be queued. */
export interface DueJob<Work extends Job = Job> {
  readonly work: Work;
  readonly dueAt: EpochSeconds;
}

/**
 * Which queue a piece waits in. What is told to webhooks can be more than a run gets done, by the receivers' fault or by the number of
 * logins: it waits apart, so that notices and deletions never stand behind it. Ended sessions are as many as the logins; starts have to be
 * looked at before Rekognition forgets them.
 */
export type QueueName = 'people' | 'events' | 'deliveries' | 'sessions' | 'starts';

export const queueOf = ({ kind }: Job): QueueName => {
  if (kind === 'webhook-delivery') return 'deliveries';
  if (kind === 'session-end') return 'sessions';
  if (kind === 'liveness-start') return 'starts';
  return kind === 'event' ? 'events' : 'people';
};

/** A piece of work in the queue. */
export interface QueuedJob {
  /** Where the store keeps it; an earlier version kept everything in one queue. */
  readonly dueDay: string;
  /** Random; tells apart what is due in the same second. */
  readonly workId: string;
  readonly dueAt: EpochSeconds;
  /** How often it was tried in vain. */
  readonly failures: number;
  readonly work: Job;
}

/** What became of a piece of work: `done` takes it out, else when to look again. */
export type JobResult = 'done' | { readonly again: EpochSeconds };

/** Work to be done at or after a time, in queues of their own, each piece at least once; what runs it must bear being repeated. */
export interface JobQueue {
  add(work: Job, dueAt: EpochSeconds): Promise<void>;
  /** Up to `limit` pieces of one queue that are due at `now`, oldest first; `unreadable` counts rows of a form that is not known here. */
  due(
    queue: QueueName,
    now: EpochSeconds,
    limit: number,
  ): Promise<{ readonly items: readonly QueuedJob[]; readonly unreadable: number }>;
  /** Takes a piece out. */
  done(item: QueuedJob): Promise<void>;
  /** Moves a piece to another time, and to the queue it belongs to, in one transaction. */
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

/** What the end of a session's time asks for. */
export const sessionEndJob = ({ integrationId, jti, expiresAt }: Session): DueJob<SessionEndJob> => ({
  work: { kind: 'session-end', integrationId, jti },
  dueAt: expiresAt,
});

/** The notice that an enrollment owes, or null where no address came with the login. */
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
