import { MAX_LONG_BODY_BYTES } from '../body-limits.ts';
import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../portal/api-keys.ts';
import {
  NewWebhook,
  RotateWebhookSecret,
  WebhookChange,
  WebhookList,
  WebhookSecretShownOnce,
  WebhookView,
} from '../portal/webhooks.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** API keys. To end one does no harm that making one again could not undo, and must not wait for anybody. */
export const API_KEY_ROUTES = {
  portalApiKeys: {
    method: 'GET',
    path: '/api/portal/api-keys',
    permission: 'manage',
    answers: { 200: ApiKeyList },
  },
  portalAddApiKey: {
    method: 'POST',
    path: '/api/portal/api-keys',
    permission: 'secure',
    body: NewApiKey,
    answers: { 200: ApiKeyShownOnce },
  },
  portalRevokeApiKey: {
    method: 'POST',
    path: '/api/portal/api-keys/revoke',
    permission: 'manage',
    body: RevokeApiKey,
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;

/** Webhooks. Where events go, and what proves them, are secrets' business; trying a webhook is not. */
export const WEBHOOK_ROUTES = {
  portalWebhooks: {
    method: 'GET',
    path: '/api/portal/webhooks',
    permission: 'manage',
    answers: { 200: WebhookList },
  },
  portalAddWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks',
    permission: 'secure',
    body: NewWebhook,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: WebhookSecretShownOnce },
  },
  portalEditWebhook: {
    method: 'PATCH',
    path: '/api/portal/webhooks/{webhookId}',
    permission: 'secure',
    body: WebhookChange,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: WebhookView },
  },
  portalRotateWebhookSecret: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/secrets',
    permission: 'secure',
    body: RotateWebhookSecret,
    answers: { 200: WebhookSecretShownOnce },
  },
  portalTestWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/test',
    permission: 'manage',
    answers: { 204: 'empty' },
  },
  portalDeleteWebhook: {
    method: 'POST',
    path: '/api/portal/webhooks/{webhookId}/delete',
    permission: 'secure',
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;
