import {
  type EventName,
  eventTypeOf,
  formerNameOf,
  TEST_EVENT,
} from '../../../../contract/api/portal/webhook-events.ts';

type Name = EventName | typeof TEST_EVENT;

/**
 * How rows name an event: by its former name, if it had one. The previous release cannot read a row with another name, be it a queued
 * event or a webhook, and with that one all webhooks of the account. It runs in parallel with this one for minutes, and again after a
 * rollback. The names that a webhook listed and was sent are stored in separate members, which the previous release leaves alone. A
 * later release may write the current names, since this one reads both.
 */
export const storedEventName = (name: Name): Name =>
  name === TEST_EVENT ? name : (formerNameOf(eventTypeOf(name)) ?? name);

/** True for names that rows cannot hold as the name of an event. */
export const isRenamed = (name: Name): boolean => storedEventName(name) !== name;

/** The current name for what a row holds, which may be anything. */
export const currentEventName = (stored: unknown): unknown => eventTypeOf(stored as EventName);
