import * as z from 'zod';
import { line, URL_MAX_LENGTH } from '../text.ts';
import { LiveSecret, Rotation } from './rotation.ts';
import { EventName, TEST_EVENT } from './webhook-events.ts';

const Seconds = z.int().describe('epoch seconds');

/**
 * How one attempt ended. `delivered`: status 200 to 299. `refused`: another status. `forbidden`: the name resolves to an address that
 * is not public. `unreachable`: no connection, no TLS, or no such name. `timeout`: no answer in time.
 */
export const DeliveryOutcome = z.enum(['delivered', 'refused', 'forbidden', 'unreachable', 'timeout']);
export type DeliveryOutcome = z.infer<typeof DeliveryOutcome>;

export const DeliveryAttempt = z.strictObject({
  /** The `webhook-id` header; the same for every attempt to deliver one event. */
  eventId: z.string(),
  type: z.union([EventName, z.literal(TEST_EVENT)]),
  at: Seconds,
  outcome: DeliveryOutcome,
  /** Null: no answer. */
  status: z.int().nullable(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

export const WebhookView = z.strictObject({
  webhookId: z.string(),
  url: z.string(),
  events: z.array(EventName),
  enabled: z.boolean(),
  /** Why it is disabled: by an operator, after three days of failures, or by the receiver's `410 Gone`. */
  disabledBecause: z.enum(['operator', 'failing', 'gone']).nullable(),
  createdAt: Seconds,
  /** Since when no attempt has succeeded; null: the last one did, or there was none. */
  failingSince: Seconds.nullable(),
  /** When deliveries resume after failures. */
  pausedUntil: Seconds.nullable(),
  /**
   * Generations of the secret that sign now, newest first. Each signs every delivery, and the service cannot know which
   * one the receiver verifies with: the last use is the last delivery that the receiver accepted while the secret signed.
   */
  secrets: z.array(LiveSecret),
  /** The last 20 attempts, newest first. */
  attempts: z.array(DeliveryAttempt),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** GET /api/portal/webhooks, newest first */
export const WebhookList = z.strictObject({ webhooks: z.array(WebhookView) });

const Url = line(URL_MAX_LENGTH);
const Events = z
  .array(EventName)
  .min(1)
  .max(EventName.options.length)
  .refine((events) => new Set(events).size === events.length, { error: 'names an event twice' });

/** POST /api/portal/webhooks */
export const NewWebhook = z.strictObject({ url: Url, events: Events });
export type NewWebhook = z.infer<typeof NewWebhook>;

const WebhookFields = z.strictObject({
  url: Url.optional(),
  events: Events.optional(),
  enabled: z.boolean().optional(),
});

/**
 * PATCH /api/portal/webhooks/{webhookId}: omitted members do not change. `base` holds the values that the form was loaded with; where
 * another operator has changed one of them since, the answer is `changed-meanwhile` with `conflicts`. Without `base`, the members are
 * overwritten.
 */
export const WebhookChange = WebhookFields.extend({ base: WebhookFields.default({}) });
export type WebhookChange = z.infer<typeof WebhookChange>;

/** The only answer that ever holds a webhook's secret: `whsec_` and 32 bytes in base64 (Standard Webhooks). */
export const WebhookSecretShownOnce = z.strictObject({ webhookId: z.string(), secret: z.string() });
export type WebhookSecretShownOnce = z.infer<typeof WebhookSecretShownOnce>;

/** POST /api/portal/webhooks/{webhookId}/secrets: the old secret also signs until the overlap is over. */
export const RotateWebhookSecret = Rotation;
