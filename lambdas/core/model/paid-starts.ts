import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DueJob, LivenessStartJob } from './job.ts';
import type { User } from './user.ts';

/**
 * What a user's row stores about liveness sessions, each of which costs money (Amazon Rekognition pricing, Face Liveness). A success
 * resets the count, so a user who succeeds never reaches the limit, however often they log in.
 */
export type CountedStarts = Pick<User, 'starts' | 'startsSince' | 'lastStartAt'>;

/** Without a success: seven logins with three attempts each, less one. About a third of a dollar per hour and user. */
export const MAX_STARTS = 20;
export const STARTS_WINDOW_SECONDS = 3600;
/** From this start on, housekeeping checks whether a stream ever began. A login with the usual three attempts causes no checks. */
const CHECKED_FROM = 4;

/**
 * How long a browser may begin the stream of a liveness session: its credentials end then. The page begins it immediately, and gives up
 * after 15 seconds without a response of the service (`web/capture/watch-stream.ts`).
 */
export const STREAM_SECONDS = 45;
/** When to check whether a stream began: when none can begin any more. */
const CHECK_AFTER_SECONDS = STREAM_SECONDS + 5;
/** How long Rekognition knows a liveness session (API reference, CreateFaceLivenessSession). */
export const KNOWN_SECONDS = 180;
/**
 * By when the check is done, if housekeeping works: it runs every minute, with the one-minute precision of EventBridge Scheduler (user
 * guide, rate-based schedules), so up to two minutes later. That is before Rekognition forgets the session.
 */
const CHECKED_BY_SECONDS = CHECK_AFTER_SECONDS + 120;
/** How often a caller that has to wait for a check asks again. */
const ASK_AGAIN_SECONDS = 30;

const isOver = (startsSince: EpochSeconds, now: EpochSeconds): boolean => now - startsSince >= STARTS_WINDOW_SECONDS;

/** When the count of this user's starts is reset, if it has reached the limit at `now`; else null. */
const fullUntil = (user: CountedStarts | null, now: EpochSeconds): EpochSeconds | null => {
  if (user === null || user.startsSince === null || isOver(user.startsSince, now) || user.starts < MAX_STARTS)
    return null;
  return addSeconds(user.startsSince, STARTS_WINDOW_SECONDS);
};

/** True while starts may still be given back: the last ones have not been checked yet. */
const isPending = (user: CountedStarts | null, now: EpochSeconds): boolean =>
  user !== null && user.lastStartAt !== null && now - user.lastStartAt < CHECKED_BY_SECONDS;

/** When the count of this user's starts is reset, if they are used up at `now` and none has yet to be checked; else null. */
export const startsSpentUntil = (user: CountedStarts | null, now: EpochSeconds): EpochSeconds | null =>
  isPending(user, now) ? null : fullUntil(user, now);

/** After how many seconds to ask again, if starts that have yet to be checked leave none at `now`; null if one is left. */
export const startsBusySeconds = (user: CountedStarts | null, now: EpochSeconds): number | null =>
  fullUntil(user, now) !== null && isPending(user, now) ? ASK_AGAIN_SECONDS : null;

/** The count of starts as it is to be written. */
export interface StartCount {
  readonly starts: number;
  readonly startsSince: EpochSeconds;
}

/** One more start, as it is to be counted on top of what was seen. */
export const nextStart = (user: CountedStarts | null, now: EpochSeconds): StartCount =>
  user === null || user.startsSince === null || isOver(user.startsSince, now)
    ? { starts: 1, startsSince: now }
    : { starts: user.starts + 1, startsSince: user.startsSince };

/** The check that is due for a start, and when; null for the first ones. */
export const checkOfStart = (
  user: Pick<User, 'integrationId' | 'externalId'>,
  { starts, startsSince }: StartCount,
  livenessId: string,
  now: EpochSeconds,
): DueJob<LivenessStartJob> | null => {
  const { integrationId, externalId } = user;
  if (starts < CHECKED_FROM) return null;
  const work = { kind: 'liveness-start', integrationId, externalId, livenessId, startsSince, startedAt: now } as const;
  return { work, dueAt: addSeconds(now, CHECK_AFTER_SECONDS) };
};
