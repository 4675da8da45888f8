import {
  StatisticsPer,
  StatisticsView,
  TransactionPage,
  TransactionView,
} from '../../contract/api/portal/transactions.ts';
import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { OUTCOMES } from '../../contract/protocol/outcomes.ts';
import { readStatistics, type StatisticsPorts } from '../core/portal/read-statistics.ts';
import { listTransactions, type PortalTransactionPorts } from '../core/portal/transactions.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler, HttpRequest } from '../http/endpoint.ts';
import { jsonAnswer } from '../http/json-body.ts';
import {
  cursorOf,
  EXPORT_LIMIT,
  limitOf,
  oneOf,
  type PortalEndpointPorts,
  pathParameter,
  portalEndpoint,
  queryParameter,
  timesOf,
  writeCursor,
} from '../http/portal-endpoint.ts';

export interface TransactionsEndpointPorts extends PortalEndpointPorts, PortalTransactionPorts, StatisticsPorts {}

const DEFAULT_SPAN_SECONDS = 30 * 86_400;

/** The last 30 days unless told. */
const spanOf = (ports: TransactionsEndpointPorts, request: HttpRequest) => {
  const to = ports.clock();
  return timesOf(request, { from: addSeconds(to, -DEFAULT_SPAN_SECONDS), to });
};

/** Ended logins of an integration, one by one and in figures. */
export const transactionsEndpoint = (ports: TransactionsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/integrations/{integrationId}/transactions': {
      permission: 'look',
      run: async (request, operator) => {
        const page = await listTransactions(ports)(operator, pathParameter(request, 'integrationId'), {
          filter: {
            ...spanOf(ports, request),
            outcome: oneOf(request, 'outcome', OUTCOMES),
            mode: oneOf(request, 'mode', TransactionView.shape.mode.options),
            app: queryParameter(request, 'app'),
            externalId: queryParameter(request, 'externalId'),
            supportId: queryParameter(request, 'supportId', 9)?.toUpperCase() ?? null,
          },
          after: cursorOf(request),
          limit: limitOf(request, EXPORT_LIMIT),
        });
        return jsonAnswer(TransactionPage, { ...page, cursor: writeCursor(page.cursor) }, NO_STORE_HEADERS);
      },
    },
    'GET /api/portal/integrations/{integrationId}/statistics': {
      permission: 'look',
      run: async (request, operator) => {
        const query = { ...spanOf(ports, request), per: oneOf(request, 'per', StatisticsPer.options) ?? 'day' };
        const view = await readStatistics(ports)(operator, pathParameter(request, 'integrationId'), query);
        return jsonAnswer(StatisticsView, view, NO_STORE_HEADERS);
      },
    },
  });
