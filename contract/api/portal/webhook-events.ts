import * as z from 'zod';

/** Events that a webhook can receive. */
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

/** Events by their former names. */
export const FORMER_EVENT_NAMES = {
  'user.enrolment_required': 'user.enrollment_required',
} as const satisfies Readonly<Record<string, EventType>>;
type FormerEventName = keyof typeof FORMER_EVENT_NAMES;
const FORMER = Object.keys(FORMER_EVENT_NAMES) as FormerEventName[];

/**
 * What a webhook lists, and the type of its deliveries. A webhook that lists a former name receives events under it, since its receiver
 * knows no other, until an operator lists the current name.
 */
export const EventName = z.enum([...EVENT_TYPES, ...FORMER]);
export type EventName = z.infer<typeof EventName>;

const isFormer = (name: string): name is FormerEventName => Object.hasOwn(FORMER_EVENT_NAMES, name);
/** The event that a name means. */
export const eventTypeOf = (name: EventName): EventType => (isFormer(name) ? FORMER_EVENT_NAMES[name] : name);
/** The former name of an event, if there is one. */
export const formerNameOf = (type: EventType): EventName | null =>
  FORMER.find((name) => FORMER_EVENT_NAMES[name] === type) ?? null;
/**
 * The name under which a webhook that lists `names` receives an event; null: it does not. One that lists both names receives it once,
 * under the current name.
 */
export const deliveredName = (names: readonly EventName[], type: EventType): EventName | null =>
  names.includes(type) ? type : (names.find((name) => eventTypeOf(name) === type) ?? null);

/** Default events of a new webhook: without verifications, which come with every login and have to be selected. */
export const USUAL_EVENTS: readonly EventType[] = EVENT_TYPES.filter((type) => type !== 'user.verified');
/** Sent on request of an operator, whatever events the webhook lists. */
export const TEST_EVENT = 'webhook.test';
