import * as z from 'zod';
import { EventName } from '../../../../contract/api/portal/webhook-events.ts';
import { DeliveryAttempt } from '../../../../contract/api/portal/webhooks.ts';
import { newestOf } from '../../../core/model/rotation.ts';
import type { Webhook, WebhookSecret } from '../../../core/model/webhook.ts';
import { defineItem, objectOf, present } from '../table/define-item.ts';
import { EditsMember, orNull, Seconds } from '../table/item-members.ts';
import { namesAsRead, namesAsStored } from './webhook-names.ts';

const webhookItem = defineItem<Webhook>(() =>
  objectOf<Webhook>()({
    webhookId: z.string(),
    accountId: z.string(),
    url: z.string(),
    events: z.array(EventName),
    enabled: z.boolean(),
    disabledBecause: orNull(z.enum(['operator', 'failing', 'gone'])),
    createdAt: Seconds,
    secrets: z.array(
      objectOf<WebhookSecret>()({
        generation: z.number(),
        wrapped: z.string(),
        endsAt: orNull(Seconds),
        since: orNull(Seconds),
      }),
    ),
    failures: z.number(),
    failingSince: orNull(Seconds),
    pausedUntil: orNull(Seconds),
    attempts: z.array(DeliveryAttempt.extend({ status: orNull(z.number()) })),
    edits: EditsMember,
  }),
);

/** @throws ZodError if the row is not a webhook */
export const parseWebhook = (row: Readonly<Record<string, unknown>>): Webhook => webhookItem.read(namesAsRead(row));

/** A new webhook's row. `newestSecret` counts the secrets ever created, so that parallel rotations collide. */
export const webhookRow = (webhook: Webhook) => ({
  ...namesAsStored(webhookItem.write(webhook)),
  newestSecret: newestOf(webhook.secrets),
});

/** Members as an update sets them. */
export const webhookMembers = ({ secrets, ...change }: Partial<Webhook>) => ({
  ...namesAsStored(webhookItem.set(change)),
  ...(secrets === undefined ? {} : { secrets: secrets.map(present), newestSecret: newestOf(secrets) }),
});
