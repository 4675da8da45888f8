import * as z from 'zod';

/** What a webhook can be told of. */
export const EVENT_TYPES = [
  'user.enrolled',
  'user.verified',
  'user.locked',
  'user.unlocked',
  'user.reported',
  'user.enrollment_required',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'integration.disabled',
  'key.created',
] as const;
export const EventType = z.enum(EVENT_TYPES);
export type EventType = z.infer<typeof EventType>;

/** Events whose name was another before, by that name. */
export const FORMER_EVENT_NAMES = {
  'user.enrolment_required': 'user.enrollment_required',
} as const satisfies Readonly<Record<string, EventType>>;
type FormerEventName = keyof typeof FORMER_EVENT_NAMES;
const FORMER = Object.keys(FORMER_EVENT_NAMES) as FormerEventName[];

/**
 * What a webhook lists, and how its deliveries are named. A webhook that lists a former name is told under it, since its receiver knows
 * no other, until somebody lists the one that stands.
 */
export const EventName = z.enum([...EVENT_TYPES, ...FORMER]);
export type EventName = z.infer<typeof EventName>;

const isFormer = (name: string): name is FormerEventName => Object.hasOwn(FORMER_EVENT_NAMES, name);
/** The event that a name means. */
export const eventTypeOf = (name: EventName): EventType => (isFormer(name) ? FORMER_EVENT_NAMES[name] : name);
/** The name that an event had before, where there was one. */
export const formerNameOf = (type: EventType): EventName | null =>
  FORMER.find((name) => FORMER_EVENT_NAMES[name] === type) ?? null;
/**
 * The name under which a webhook that lists `names` is told of an event; null: it is not told. One that lists both names is told once,
 * under the one that stands.
 */
export const nameToTell = (names: readonly EventName[], type: EventType): EventName | null =>
  names.includes(type) ? type : (names.find((name) => eventTypeOf(name) === type) ?? null);

/** What a new webhook is told of unless somebody chooses: verifications come once a login, so they are asked for by name. */
export const USUAL_EVENTS: readonly EventType[] = EVENT_TYPES.filter((type) => type !== 'user.verified');
/** Sent on request of an operator, whatever the webhook is told of. */
export const TEST_EVENT = 'webhook.test';
