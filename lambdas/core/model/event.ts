import { randomUUID } from 'node:crypto';
import { type EventName, type EventType, TEST_EVENT } from '../../../contract/api/portal/webhook-events.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { DeliveryJob, EventJob, Webhook } from './webhook.ts';

const newEventId = (): string => `evt_${randomUUID().replaceAll('-', '')}`;

/** An event, to be written in the same transaction as what it reports. */
export const newEvent = (
  type: EventType,
  at: EpochSeconds,
  about: Partial<Pick<EventJob, 'accountId' | 'integrationId' | 'externalId' | 'detail'>>,
): EventJob => ({
  kind: 'event',
  eventId: newEventId(),
  type,
  at,
  accountId: null,
  integrationId: null,
  externalId: null,
  detail: {},
  ...about,
});

const present = (members: Readonly<Record<string, string | number | null>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

const bodyOf = (type: string, at: EpochSeconds, data: object): string =>
  JSON.stringify({ type, timestamp: new Date(at * 1000).toISOString(), data });

/**
 * The delivery of an event to one webhook. Its body holds ids and times, and no picture, score, name or address of a user.
 * @param type the name under which the webhook receives it
 */
export const deliveryOf = ({ accountId, webhookId }: Webhook, event: EventJob, type: EventName): DeliveryJob => {
  const { eventId, at, integrationId, externalId, detail } = event;
  const body = bodyOf(type, at, present({ integrationId, externalId, ...detail }));
  return { kind: 'webhook-delivery', accountId, webhookId, eventId, type, at, body };
};

/** A delivery that an operator requested to test the receiver. */
export const testDelivery = ({ accountId, webhookId }: Webhook, at: EpochSeconds): DeliveryJob => ({
  kind: 'webhook-delivery',
  accountId,
  webhookId,
  eventId: newEventId(),
  type: TEST_EVENT,
  at,
  body: bodyOf(TEST_EVENT, at, { webhookId }),
});
