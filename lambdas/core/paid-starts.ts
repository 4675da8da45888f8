import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { LivenessStartWork } from './due-work.ts';
import type { User } from './user.ts';

/**
 * What a person's row says of liveness sessions, each of which costs money (Amazon Rekognition pricing, Face Liveness). A success
 * begins the count anew, so nobody who gets in meets the limit, however often.
 */
export type CountedStarts = Pick<User, 'starts' | 'startsSince'>;

/** Without a success: seven sign-ins with three tries each, less one. About a third of a dollar an hour and person. */
export const MAX_STARTS = 20;
export const STARTS_WINDOW_SECONDS = 3600;
/** From this start on it is looked whether a camera ever came: before, a person has more than half of them left. */
const LOOKED_AT_FROM = 8;

/** How long a browser may begin the stream of a liveness session: its credentials end then. The page begins it at once. */
export const STREAM_SECONDS = 90;
/**
 * When to look whether a stream began: when none can begin any more, and before Rekognition forgets the session, 180 seconds after
 * it was made (API reference, CreateFaceLivenessSession). Housekeeping comes every minute, so 155 seconds after it at the latest.
 */
const LOOK_AFTER_SECONDS = STREAM_SECONDS + 5;

const isOver = (startsSince: EpochSeconds, now: EpochSeconds): boolean => now - startsSince >= STARTS_WINDOW_SECONDS;

/** When the starts of this person are counted anew, if they are used up at `now`; else null. */
export const startsSpentUntil = (user: CountedStarts | null, now: EpochSeconds): EpochSeconds | null => {
  if (user === null || user.startsSince === null || isOver(user.startsSince, now) || user.starts < MAX_STARTS)
    return null;
  return addSeconds(user.startsSince, STARTS_WINDOW_SECONDS);
};

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
): { readonly work: LivenessStartWork; readonly dueAt: EpochSeconds } | null => {
  const { integrationId, externalId } = person;
  if (starts < LOOKED_AT_FROM) return null;
  const work = { kind: 'liveness-start', integrationId, externalId, livenessId, startsSince } as const;
  return { work, dueAt: addSeconds(now, LOOK_AFTER_SECONDS) };
};
