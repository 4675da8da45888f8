import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../../api/portal/api-keys.ts';
import {
  NewWebhook,
  RotateWebhookSecret,
  WebhookChange,
  WebhookList,
  WebhookSecretShownOnce,
  WebhookView,
} from '../../api/portal/webhooks.ts';
import { OneWebhook, ok, type RouteDescription } from './route-description.ts';

export const AUTOMATION_DESCRIPTIONS = {
  portalApiKeys: {
    summary: 'API keys of the account, newest first',
    answer: ok('All of them', ApiKeyList),
    problems: [],
  },
  portalAddApiKey: {
    summary: 'Makes an API key; it is in this answer and nowhere else',
    body: NewApiKey,
    answer: ok('The key', ApiKeyShownOnce),
    problems: ['too-many'],
  },
  portalRevokeApiKey: {
    summary: 'Ends an API key at once',
    body: RevokeApiKey,
    answer: { status: '204', description: 'Ended' },
    problems: [],
  },
  portalWebhooks: {
    summary: 'Webhooks of the account with their last attempts, newest first',
    answer: ok('All of them', WebhookList),
    problems: [],
  },
  portalAddWebhook: {
    summary: 'Makes a webhook; its secret is in this answer and nowhere else',
    body: NewWebhook,
    answer: ok('Id and secret', WebhookSecretShownOnce),
    problems: ['invalid-option', 'too-many'],
  },
  portalEditWebhook: {
    summary: 'Changes a webhook, or switches it; what is left out stays',
    path: OneWebhook,
    body: WebhookChange,
    answer: ok('As it is now', WebhookView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalRotateWebhookSecret: {
    summary: 'Makes a new secret; the one before signs too until the overlap is over',
    path: OneWebhook,
    body: RotateWebhookSecret,
    answer: ok('Id and new secret', WebhookSecretShownOnce),
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalTestWebhook: {
    summary: 'Has a test event sent within a minute',
    path: OneWebhook,
    answer: { status: '204', description: 'It will be sent' },
    problems: [],
  },
  portalDeleteWebhook: {
    summary: 'Deletes a webhook',
    path: OneWebhook,
    answer: { status: '204', description: 'Deleted' },
    problems: [],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
