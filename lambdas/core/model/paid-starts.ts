import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DueJob, LivenessStartJob } from './job.ts';
import type { User } from './user.ts';

/**
 * What a person's row says of liveness sessions, each of which costs money (Amazon Rekognition pricing, Face Liveness). A success
 * begins the count anew, so nobody who gets in meets the limit, however often.
 */
export type CountedStarts = Pick<User, 'starts' | 'startsSince' | 'lastStartAt'>;

/** Without a success: seven sign-ins with three tries each, less one. About a third of a dollar an hour and person. */
export const MAX_STARTS = 20;
export const STARTS_WINDOW_SECONDS = 3600;
/** From this start on it is looked whether a camera ever came: nobody looks after a sign-in with the usual three tries. */
const LOOKED_AT_FROM = 4;

/**
 * How long a browser may begin the stream of a liveness session: its credentials end then. The page begins it at once, and gives up
 * after 15 seconds without a word of the service (`web/capture/watch-stream.ts`).
 */
export const STREAM_SECONDS = 45;
/** When to look whether a stream began: when none can begin any more. */
const LOOK_AFTER_SECONDS = STREAM_SECONDS + 5;
/** Rekognition knows a liveness session for so long (API reference, CreateFaceLivenessSession). */
export const KNOWN_SECONDS = 180;
/**
 * By when the look was taken, if housekeeping is well: it comes every minute, with the minute's precision of EventBridge Scheduler
 * (user guide, rate-based schedules), so up to two minutes later. That is before Rekognition forgets the session.
 */
const LOOKED_BY_SECONDS = LOOK_AFTER_SECONDS + 120;
/** Who has to wait for a look asks again so often. */
const ASK_AGAIN_SECONDS = 30;

const isOver = (startsSince: EpochSeconds, now: EpochSeconds): boolean => now - startsSince >= STARTS_WINDOW_SECONDS;

/** When the starts of this person are counted anew, if as many as may be are counted at `now`; else null. */
const fullUntil = (user: CountedStarts | null, now: EpochSeconds): EpochSeconds | null => {
  if (user === null || user.startsSince === null || isOver(user.startsSince, now) || user.starts < MAX_STARTS)
    return null;
  return addSeconds(user.startsSince, STARTS_WINDOW_SECONDS);
};

/** True while starts may come back: the last ones were not looked at yet. */
const isPending = (user: CountedStarts | null, now: EpochSeconds): boolean =>
  user !== null && user.lastStartAt !== null && now - user.lastStartAt < LOOKED_BY_SECONDS;

/** When the starts of this person are counted anew, if they are used up at `now` and none is to be looked at; else null. */
export const startsSpentUntil = (user: CountedStarts | null, now: EpochSeconds): EpochSeconds | null =>
  isPending(user, now) ? null : fullUntil(user, now);

/** After how many seconds to ask again where starts that have yet to be looked at leave none at `now`; null where there is one. */
export const startsBusySeconds = (user: CountedStarts | null, now: EpochSeconds): number | null =>
  fullUntil(user, now) !== null && isPending(user, now) ? ASK_AGAIN_SECONDS : null;

/** Starts as they are to be counted. */
export interface StartCount {
  readonly starts: number;
  readonly startsSince: EpochSeconds;
}

/** One more start, as it is to be counted on top of what was seen. */
export const nextStart = (user: CountedStarts | null, now: EpochSeconds): StartCount =>
  user === null || user.startsSince === null || isOver(user.startsSince, now)
    ? { starts: 1, startsSince: now }
    : { starts: user.starts + 1, startsSince: user.startsSince };

/** The look that a start is owed, and when; null for the first ones. */
export const lookAtStart = (
  person: Pick<User, 'integrationId' | 'externalId'>,
  { starts, startsSince }: StartCount,
  livenessId: string,
  now: EpochSeconds,
): DueJob<LivenessStartJob> | null => {
  const { integrationId, externalId } = person;
  if (starts < LOOKED_AT_FROM) return null;
  const work = { kind: 'liveness-start', integrationId, externalId, livenessId, startsSince, startedAt: now } as const;
  return { work, dueAt: addSeconds(now, LOOK_AFTER_SECONDS) };
};
