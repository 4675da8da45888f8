import type { TRANSACTION_ROUTES } from '../portal-transactions.ts';
import type { Descriptions } from './description.ts';

export const TRANSACTION_DESCRIPTIONS: Descriptions<typeof TRANSACTION_ROUTES> = {
  portalTransactions: {
    summary: 'Ended logins, newest first; the last 30 days unless told, pages of up to 1000',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalStatistics: {
    summary: 'Ended logins in figures; the last 30 days unless told, or 7 by hours; at most 93 days or 192 hours',
    answers: { 200: 'Buckets and total' },
    problems: [],
  },
};
