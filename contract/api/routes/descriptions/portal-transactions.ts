import type { TRANSACTION_ROUTES } from '../portal-transactions.ts';
import type { Descriptions } from './description.ts';

export const TRANSACTION_DESCRIPTIONS: Descriptions<typeof TRANSACTION_ROUTES> = {
  portalTransactions: {
    summary: 'Ended logins, newest first; by default the last 30 days, pages of up to 1000',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalStatistics: {
    summary: 'Statistics of ended logins; by default the last 30 days, or 7 days by hour; at most 93 days or 192 hours',
    answers: { 200: 'Buckets and total' },
    problems: [],
  },
};
