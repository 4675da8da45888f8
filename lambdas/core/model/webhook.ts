import type { EventName, EventType, TEST_EVENT } from '../../../contract/api/portal/webhook-events.ts';
import type { DeliveryAttempt } from '../../../contract/api/portal/webhooks.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Edits } from './edits.ts';
import { type Generation, liveAt } from './rotation.ts';

/** One generation of a webhook's secret; two may sign during a rotation. */
export interface WebhookSecret extends Generation {
  /** The secret, encrypted by KMS with webhook and generation as context; base64. */
  readonly wrapped: string;
  /** When it was created; null in rows older than this member. */
  readonly since: EpochSeconds | null;
}

/** Where an account receives events. */
export interface Webhook {
  readonly webhookId: string;
  readonly accountId: string;
  readonly url: string;
  /** As the operator listed them, possibly under former names. */
  readonly events: readonly EventName[];
  readonly enabled: boolean;
  readonly disabledBecause: 'operator' | 'failing' | 'gone' | null;
  readonly createdAt: EpochSeconds;
  readonly secrets: readonly WebhookSecret[];
  /** Failed attempts since the last success. */
  readonly failures: number;
  readonly failingSince: EpochSeconds | null;
  readonly pausedUntil: EpochSeconds | null;
  /** The last attempts, newest first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** The edits of address, events and switch. */
  readonly edits: Edits;
}

/** What housekeeping notes after an attempt. */
export type DeliveryState = Pick<
  Webhook,
  'enabled' | 'disabledBecause' | 'failures' | 'failingSince' | 'pausedUntil' | 'attempts'
>;

/** What an operator changes. */
export type WebhookEdit = Partial<Pick<Webhook, 'url' | 'events'> & DeliveryState>;

export interface Webhooks {
  /** Those of one account, in no order. */
  list(accountId: string): Promise<readonly Webhook[]>;
  read(accountId: string, webhookId: string): Promise<Webhook | null>;
  /** Fails if the id exists. */
  create(webhook: Webhook): Promise<void>;
  /** False if the webhook no longer exists, or its secrets were rotated since `seen` was read. */
  change(seen: Webhook, change: Partial<Pick<Webhook, 'secrets'> & DeliveryState>): Promise<boolean>;
  /** False if the webhook no longer exists, or it was edited since `seen` was read. */
  edit(seen: Webhook, change: WebhookEdit & Pick<Webhook, 'edits'>): Promise<boolean>;
  remove(accountId: string, webhookId: string): Promise<void>;
}

export interface WebhookSecretVault {
  /** Encrypts 32 bytes with KMS, bound to webhook and generation; base64. */
  seal(webhookId: string, generation: number, secret: Uint8Array): Promise<string>;
  /** @throws Error if KMS refuses */
  open(webhookId: string, secret: WebhookSecret): Promise<Uint8Array>;
}

/** The secrets that sign at `now`, newest first. */
export const liveSecrets = ({ secrets }: Webhook, now: EpochSeconds): readonly WebhookSecret[] => liveAt(secrets, now);

/** Something that happened, to be delivered to the webhooks of the account. */
export interface EventJob {
  readonly kind: 'event';
  /** The `webhook-id`. */
  readonly eventId: string;
  readonly type: EventType;
  /** Null if only the integration is known; it says which account it belongs to. */
  readonly accountId: string | null;
  readonly integrationId: string | null;
  readonly externalId: string | null;
  readonly at: EpochSeconds;
  /** Further members of the body's `data`. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/** One event for one webhook. */
export interface DeliveryJob {
  readonly kind: 'webhook-delivery';
  readonly accountId: string;
  readonly webhookId: string;
  readonly eventId: string;
  /** As the body names it. */
  readonly type: EventName | typeof TEST_EVENT;
  readonly at: EpochSeconds;
  /** JSON, the same bytes at every attempt. */
  readonly body: string;
}
