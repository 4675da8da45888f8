import { MAX_LONG_BODY_BYTES } from '../body-limits.ts';
import {
  NewWebhook,
  RotateWebhookSecret,
  WebhookChange,
  WebhookList,
  WebhookSecretShownOnce,
  WebhookView,
} from '../portal/webhooks.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Webhooks. Their addresses and secrets need the permission `admin`; testing a webhook does not. */
export const WEBHOOK_ROUTES = {
  portalWebhooks: {
    method: 'GET',
    path: '/api/portal/webhooks',
    permission: 'write',
    answers: { 200: WebhookList },
  },
  portalAddWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks',
    permission: 'admin',
    body: NewWebhook,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: WebhookSecretShownOnce },
  },
  portalEditWebhook: {
    method: 'PATCH',
    path: '/api/portal/webhooks/{webhookId}',
    permission: 'admin',
    body: WebhookChange,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: WebhookView },
  },
  portalRotateWebhookSecret: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/secrets',
    permission: 'admin',
    body: RotateWebhookSecret,
    answers: { 200: WebhookSecretShownOnce },
  },
  portalTestWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/test',
    permission: 'write',
    answers: { 204: 'empty' },
  },
  portalDeleteWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/delete',
    permission: 'admin',
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;
