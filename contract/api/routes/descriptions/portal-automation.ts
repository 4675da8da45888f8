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
    summary: 'Makes an API key; it is in this answer and nowhere else',
    answers: { 200: 'The key' },
    problems: ['too-many'],
  },
  portalRevokeApiKey: {
    summary: 'Ends an API key at once',
    answers: { 204: 'Ended' },
    problems: [],
  },
};

export const WEBHOOK_DESCRIPTIONS: Descriptions<typeof WEBHOOK_ROUTES> = {
  portalWebhooks: {
    summary: 'Webhooks of the account with their last attempts, newest first',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalAddWebhook: {
    summary: 'Makes a webhook; its secret is in this answer and nowhere else',
    answers: { 200: 'Id and secret' },
    problems: ['invalid-option', 'too-many'],
  },
  portalEditWebhook: {
    summary: 'Changes a webhook, or switches it; what is left out stays',
    answers: { 200: 'As it is now' },
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalRotateWebhookSecret: {
    summary: 'Makes a new secret; the one before signs too until the overlap is over',
    answers: { 200: 'Id and new secret' },
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalTestWebhook: {
    summary: 'Has a test event sent within a minute',
    answers: { 204: 'It will be sent' },
    problems: [],
  },
  portalDeleteWebhook: {
    summary: 'Deletes a webhook',
    answers: { 204: 'Deleted' },
    problems: [],
  },
};
