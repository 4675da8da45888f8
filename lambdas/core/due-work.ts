import { type EpochSeconds, fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Session } from './session.ts';
import type { DeliveryWork, EventWork } from './webhooks/webhook.ts';

/**
 * Look after one stored face until it is deleted. Written before the object is, so that no object exists that nobody looks
 * after: not after a crash, not after the person's row is gone.
 */
export interface FaceObjectWork {
  readonly kind: 'face-object';
  readonly integrationId: string;
  readonly externalId: string;
  /** Name in the face bucket. */
  readonly objectKey: string;
}

/** Tell a person by e-mail that a face was enrolled; the address is still sealed with the integration's pii key. */
export interface EnrolmentNoticeWork {
  readonly kind: 'enrolment-notice';
  readonly integrationId: string;
  readonly jti: string;
  readonly supportId: string;
  readonly sealedPii: string;
  readonly keyGeneration: number;
  readonly enrolledAt: EpochSeconds;
}

/** Remove everybody of an integration that was deleted. */
export interface PeopleOfIntegrationWork {
  readonly kind: 'people-of-integration';
  readonly integrationId: string;
  readonly deletedAt: EpochSeconds;
}

export type DueWork = FaceObjectWork | EnrolmentNoticeWork | PeopleOfIntegrationWork | EventWork | DeliveryWork;

/** A piece of work in the queue. */
export interface QueuedWork {
  /** Random; tells apart what is due in the same second. */
  readonly workId: string;
  readonly dueAt: EpochSeconds;
  /** How often it was tried in vain. */
  readonly failures: number;
  readonly work: DueWork;
}

/** What became of a piece of work: `done` takes it out, else when to look again. */
export type WorkResult = 'done' | { readonly again: EpochSeconds };

/** Work to be done at or after a time, each piece at least once; what runs it must bear being repeated. */
export interface DueWorkQueue {
  add(work: DueWork, dueAt: EpochSeconds): Promise<void>;
  /** Up to `limit` pieces that are due at `now`, oldest first; `unreadable` counts rows of a form that is not known here. */
  due(
    now: EpochSeconds,
    limit: number,
  ): Promise<{ readonly items: readonly QueuedWork[]; readonly unreadable: number }>;
  /** Takes a piece out. */
  done(item: QueuedWork): Promise<void>;
  /** Moves a piece to a later time, in one transaction. */
  postpone(item: QueuedWork, dueAt: EpochSeconds, failures: number): Promise<void>;
}

/** The UTC day, `YYYY-MM-DD`: the queue's partitions. */
export const dayOf = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(0, 10);

const DAY_MS = 86_400_000;

/** The days from `first` to `last`, both included. */
export const daysBetween = (first: string, last: string): readonly string[] => {
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += DAY_MS) days.push(dayOf(fromMilliseconds(ms)));
  return days;
};

/** The notice that an enrolment owes, or null where no address came with the login. */
export const enrolmentNotice = (session: Session, enrolledAt: EpochSeconds): EnrolmentNoticeWork | null =>
  session.sealedPii === null
    ? null
    : {
        kind: 'enrolment-notice',
        integrationId: session.integrationId,
        jti: session.jti,
        supportId: session.supportId,
        sealedPii: session.sealedPii,
        keyGeneration: session.keyGeneration,
        enrolledAt,
      };
