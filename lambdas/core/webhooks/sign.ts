import { createHmac } from 'node:crypto';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';

/** How a secret is shown: receivers' libraries expect this form. */
export const writeSecret = (secret: Uint8Array): string => `whsec_${Buffer.from(secret).toString('base64')}`;

/**
 * Headers of a delivery in the Standard Webhooks form: HMAC-SHA256 over id, time and body, once for each live secret. The time makes a
 * recorded delivery worthless after a few minutes; the id lets a receiver drop repetitions.
 */
export const signedHeaders = (
  secrets: readonly Uint8Array[],
  { eventId, body }: { readonly eventId: string; readonly body: string },
  now: EpochSeconds,
): Readonly<Record<string, string>> => ({
  'webhook-id': eventId,
  'webhook-timestamp': String(now),
  'webhook-signature': secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(`${eventId}.${now}.${body}`).digest('base64')}`)
    .join(' '),
});
