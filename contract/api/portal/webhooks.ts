import * as z from 'zod';
import { line, URL_MAX_LENGTH } from '../text.ts';
import { LiveSecret, Rotation } from './rotation.ts';
import { EventName, TEST_EVENT } from './webhook-events.ts';

const Seconds = z.int().describe('epoch seconds');

/**
 * How one attempt ended. `delivered`: status 200 to 299. `refused`: another status. `forbidden`: the name leads to an address that
 * is not public. `unreachable`: no connection, no TLS, or no such name. `timeout`: no answer in time.
 */
export const DeliveryOutcome = z.enum(['delivered', 'refused', 'forbidden', 'unreachable', 'timeout']);
export type DeliveryOutcome = z.infer<typeof DeliveryOutcome>;

export const DeliveryAttempt = z.strictObject({
  /** The `webhook-id` that was sent; the same for every attempt at one event. */
  eventId: z.string(),
  type: z.union([EventName, z.literal(TEST_EVENT)]),
  at: Seconds,
  outcome: DeliveryOutcome,
  /** Null: there was no answer. */
  status: z.int().nullable(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

export const WebhookView = z.strictObject({
  webhookId: z.string(),
  url: z.string(),
  events: z.array(EventName),
  enabled: z.boolean(),
  /** Why it is off: an operator's wish, three days of failures, or the receiver's `410 Gone`. */
  disabledBecause: z.enum(['operator', 'failing', 'gone']).nullable(),
  createdAt: Seconds,
  /** Since when no attempt succeeded; null: the last one did, or there was none. */
  failingSince: Seconds.nullable(),
  /** When it is tried again after failures. */
  pausedUntil: Seconds.nullable(),
  /**
   * Generations of the secret that sign now, newest first. Each signs every delivery, and which one the receiver verifies with is not
   * known here: the last use is the last delivery that the receiver took while the secret signed.
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
 * PATCH /api/portal/webhooks/{webhookId}: what is left out stays. `base` says how the members that change stood when the form was
 * loaded; what somebody else changed since is answered with `changed-meanwhile` and `conflicts`. Without it they are written
 * whatever stands there.
 */
export const WebhookChange = WebhookFields.extend({ base: WebhookFields.default({}) });
export type WebhookChange = z.infer<typeof WebhookChange>;

/** The only answer that ever holds a webhook's secret: `whsec_` and 32 bytes in base64 (Standard Webhooks). */
export const WebhookSecretShownOnce = z.strictObject({ webhookId: z.string(), secret: z.string() });
export type WebhookSecretShownOnce = z.infer<typeof WebhookSecretShownOnce>;

/** POST /api/portal/webhooks/{webhookId}/secrets: the old secret signs too until the overlap is over. */
export const RotateWebhookSecret = Rotation;
