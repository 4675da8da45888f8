import type { API_KEY_ROUTES } from '../portal-api-keys.ts';
import type { WEBHOOK_ROUTES } from '../portal-webhooks.ts';
import type { Descriptions } from './description.ts';

export const API_KEY_DESCRIPTIONS: Descriptions<typeof API_KEY_ROUTES> = {
  portalApiKeys: {
    summary: 'API keys of the account, newest first',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalAddApiKey: {
    summary: 'Creates an API key; only this answer contains it',
    answers: { 200: 'The key' },
    problems: ['too-many'],
  },
  portalRevokeApiKey: {
    summary: 'Revokes an API key with immediate effect',
    answers: { 204: 'Ended' },
    problems: [],
  },
};

export const WEBHOOK_DESCRIPTIONS: Descriptions<typeof WEBHOOK_ROUTES> = {
  portalWebhooks: {
    summary: 'Webhooks of the account with their latest attempts, newest first',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalAddWebhook: {
    summary: 'Creates a webhook; only this answer contains its secret',
    answers: { 200: 'Id and secret' },
    problems: ['invalid-option', 'too-many'],
  },
  portalEditWebhook: {
    summary: 'Changes a webhook, or enables or disables it; omitted members do not change',
    answers: { 200: 'The webhook after the change' },
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalRotateWebhookSecret: {
    summary: 'Creates a new secret; the previous one also signs until the overlap is over',
    answers: { 200: 'Id and new secret' },
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalTestWebhook: {
    summary: 'Sends a test event within a minute',
    answers: { 204: 'It will be sent' },
    problems: [],
  },
  portalDeleteWebhook: {
    summary: 'Deletes a webhook',
    answers: { 204: 'Deleted' },
    problems: [],
  },
};
