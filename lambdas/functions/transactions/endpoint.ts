import { StatisticsQuery, TransactionListQuery } from '../../../contract/api/portal/queries.ts';
import { StatisticsView, TransactionPage } from '../../../contract/api/portal/transactions.ts';
import { type EpochSeconds, epochSeconds, FIRST_SECOND } from '../../../contract/protocol/epoch-seconds.ts';
import { listTransactions, type PortalTransactionPorts } from '../../core/logins/login-records.ts';
import { readStatistics, type StatisticsPorts } from '../../core/logins/read-statistics.ts';
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { jsonAnswer } from '../../http/json-body.ts';
import { type PortalEndpointPorts, portalEndpoint } from '../../http/portal-endpoint.ts';
import { pathParameter, placeOf, queryOf, spanOf, writeCursor } from '../../http/query.ts';

export interface TransactionsEndpointPorts extends PortalEndpointPorts, PortalTransactionPorts, StatisticsPorts {}

const DAY_SECONDS = 86_400;
/** What is shown unless told; by hours less than by days, so that it is within the bounds of both. */
const DEFAULT_SPAN_SECONDS = { hour: 7 * DAY_SECONDS, day: 30 * DAY_SECONDS } as const;
/** The last days before `to`. */
const daysBefore = (to: EpochSeconds, per: 'hour' | 'day' = 'day'): EpochSeconds =>
  epochSeconds(Math.max(FIRST_SECOND, to - DEFAULT_SPAN_SECONDS[per]));

/** Ended logins of an integration, one by one and in figures. */
export const transactionsEndpoint = (ports: TransactionsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/integrations/{integrationId}/transactions': {
      permission: 'look',
      run: async (request, operator) => {
        const integrationId = pathParameter(request, 'integrationId');
        const {
          cursor,
          limit,
          to = ports.clock(),
          from = daysBefore(to),
          ...query
        } = queryOf(request, TransactionListQuery);
        const { outcome = null, mode = null, app = null, externalId = null, supportId = null } = query;
        const page = await listTransactions(ports)(operator, integrationId, {
          filter: { ...spanOf(from, to), outcome, mode, app, externalId, supportId },
          after: placeOf(cursor),
          limit,
        });
        return jsonAnswer(TransactionPage, { ...page, cursor: writeCursor(page.cursor) }, NO_STORE_HEADERS);
      },
    },
    'GET /api/portal/integrations/{integrationId}/statistics': {
      permission: 'look',
      run: async (request, operator) => {
        const integrationId = pathParameter(request, 'integrationId');
        const { per, to = ports.clock(), from = daysBefore(to, per) } = queryOf(request, StatisticsQuery);
        const view = await readStatistics(ports)(operator, integrationId, { ...spanOf(from, to), per });
        return jsonAnswer(StatisticsView, view, NO_STORE_HEADERS);
      },
    },
  });
