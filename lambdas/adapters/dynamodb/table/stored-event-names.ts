import {
  type EventName,
  eventTypeOf,
  formerNameOf,
  TEST_EVENT,
} from '../../../../contract/api/portal/webhook-events.ts';

type Name = EventName | typeof TEST_EVENT;

/**
 * How rows name an event: by its former name, where it had one. The release before takes a row that holds another name for
 * unreadable, be it a webhook with all its account's or a queued event, and it runs beside this one for minutes, and again where
 * somebody goes back. What a webhook listed and was sent stands beside it, in members that the release before leaves alone. A later
 * release may write the names that stand, since this one reads both.
 */
export const storedEventName = (name: Name): Name =>
  name === TEST_EVENT ? name : (formerNameOf(eventTypeOf(name)) ?? name);

/** True for names that rows cannot hold where events are named. */
export const isRenamed = (name: Name): boolean => storedEventName(name) !== name;

/** The name that stands for what a row holds, which may be anything. */
export const currentEventName = (stored: unknown): unknown => eventTypeOf(stored as EventName);
