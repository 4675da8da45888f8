import { deliveredName, TEST_EVENT } from '../../../contract/api/portal/webhook-events.ts';
import type { DeliveryAttempt, DeliveryOutcome } from '../../../contract/api/portal/webhooks.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { deliveryOf } from '../model/event.ts';
import type { Integrations } from '../model/integration.ts';
import type { JobQueue, JobResult } from '../model/job.ts';
import type { Clock, Log } from '../model/ports.ts';
import {
  type DeliveryJob,
  type EventJob,
  liveSecrets,
  type Webhook,
  type WebhookSecretVault,
  type Webhooks,
} from '../model/webhook.ts';
import { signedHeaders } from './sign.ts';

/** How an attempt ended, without anything of what the receiver answered. */
export interface Delivered {
  readonly outcome: DeliveryOutcome;
  readonly status: number | null;
}

export interface WebhookSender {
  /** Posts once, follows nothing, and never throws. */
  send(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }): Promise<Delivered>;
}

export interface DeliverPorts {
  readonly webhooks: Webhooks;
  readonly webhookSecrets: WebhookSecretVault;
  readonly webhookSender: WebhookSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** Waits of a webhook after consecutive failures, in seconds; the last one repeats. */
const PAUSE_SECONDS = [60, 300, 900, 3600];
/** After this time without a success a webhook is switched off, and an event is no longer worth delivering. */
const ABANDONED_AFTER_SECONDS = 3 * 86_400;
const KEPT_ATTEMPTS = 20;
/** The receiver says that it no longer exists (Standard Webhooks). */
const GONE = 410;

/** What changes. The switch, which an operator may have changed since, is left alone, except to switch off. */
const changeAfter = (webhook: Webhook, { outcome, status }: Delivered, now: EpochSeconds) => {
  if (outcome === 'delivered') return { failures: 0, failingSince: null, pausedUntil: null } as const;
  const failures = webhook.failures + 1;
  const failingSince = webhook.failingSince ?? now;
  const pause = PAUSE_SECONDS[failures - 1] ?? PAUSE_SECONDS.at(-1) ?? 0;
  const change = { failures, failingSince, pausedUntil: addSeconds(now, pause) };
  if (status === GONE) return { ...change, enabled: false, disabledBecause: 'gone' } as const;
  const isAbandoned = now - failingSince >= ABANDONED_AFTER_SECONDS;
  return isAbandoned ? ({ ...change, enabled: false, disabledBecause: 'failing' } as const) : change;
};

/** @returns when to try again; null: delivered, or switched off */
const attempt = async (ports: DeliverPorts, webhook: Webhook, work: DeliveryJob, now: EpochSeconds) => {
  const { webhookId, url } = webhook;
  const live = liveSecrets(webhook, now);
  const secrets = await Promise.all(live.map((secret) => ports.webhookSecrets.open(webhookId, secret)));
  const { eventId, type, body } = work;
  const delivered = await ports.webhookSender.send({
    url,
    headers: signedHeaders(secrets, { eventId, body }, now),
    body,
  });
  const noted: DeliveryAttempt = { eventId, type, at: now, ...delivered };
  const change = changeAfter(webhook, delivered, now);
  const attempts = [noted, ...webhook.attempts].slice(0, KEPT_ATTEMPTS);
  await ports.webhooks.change(webhook, { ...change, attempts });
  ports.log('webhook-attempt', { outcome: delivered.outcome, status: delivered.status });
  const isOff = 'enabled' in change;
  if (isOff) ports.log('webhook-switched-off', { because: change.disabledBecause });
  return isOff ? null : change.pausedUntil;
};

/**
 * Delivers one event to one webhook. While a webhook fails, all its deliveries wait together, so that a dead receiver costs one attempt
 * at a time. A test does not wait, and a webhook that an operator switched off gets only tests.
 * @throws whatever store and KMS throw; the job is tried again later
 */
export const deliver = async (ports: DeliverPorts, work: DeliveryJob): Promise<JobResult> => {
  const now = ports.clock();
  const webhook = await ports.webhooks.read(work.accountId, work.webhookId);
  const isTest = work.type === TEST_EVENT;
  if (webhook === null || (!webhook.enabled && !isTest)) return 'done';
  if (!isTest && webhook.pausedUntil !== null && now < webhook.pausedUntil) return { again: webhook.pausedUntil };
  const again = await attempt(ports, webhook, work, now);
  return again === null || isTest || now - work.at >= ABANDONED_AFTER_SECONDS ? 'done' : { again };
};

export interface NotifyWebhooksPorts {
  readonly integrations: Integrations;
  readonly webhooks: Webhooks;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly clock: Clock;
}

/**
 * Turns one event into a delivery for each webhook of the account that wants it. If it is repeated, receivers drop the second by its
 * id.
 */
export const notifyWebhooks = async (ports: NotifyWebhooksPorts, event: EventJob): Promise<JobResult> => {
  const { integrationId } = event;
  const integration = integrationId === null ? null : await ports.integrations.read(integrationId);
  const accountId = event.accountId ?? integration?.accountId ?? null;
  if (accountId === null) return 'done';
  const webhooks = await ports.webhooks.list(accountId);
  for (const webhook of webhooks) {
    const name = webhook.enabled ? deliveredName(webhook.events, event.type) : null;
    if (name !== null) await ports.queue.add(deliveryOf(webhook, event, name), ports.clock());
  }
  return 'done';
};
