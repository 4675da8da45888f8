import { StatisticsQuery, StatisticsView, TransactionListQuery, TransactionPage } from '../portal/transactions.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Ended logins of an integration, one by one and in figures. */
export const TRANSACTION_ROUTES = {
  portalTransactions: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/transactions',
    permission: 'read',
    query: TransactionListQuery,
    answers: { 200: TransactionPage },
  },
  portalStatistics: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/statistics',
    permission: 'read',
    query: StatisticsQuery,
    answers: { 200: StatisticsView },
  },
} as const satisfies RouteTable<PortalRoute>;
