import * as z from 'zod';

/** What a webhook can be told of. */
export const EVENT_TYPES = [
  'user.enrolled',
  'user.verified',
  'user.locked',
  'user.unlocked',
  'user.reported',
  'user.enrolment_required',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'integration.disabled',
  'key.created',
] as const;
export const EventType = z.enum(EVENT_TYPES);
export type EventType = z.infer<typeof EventType>;
/** What a new webhook is told of unless somebody chooses: verifications come once a login, so they are asked for by name. */
export const USUAL_EVENTS: readonly EventType[] = EVENT_TYPES.filter((type) => type !== 'user.verified');
/** Sent on request of an operator, whatever the webhook is told of. */
export const TEST_EVENT = 'webhook.test';
