import { TRANSACTION_ROUTES } from '../../../contract/api/routes/portal-transactions.ts';
import { type EpochSeconds, epochSeconds, FIRST_SECOND } from '../../../contract/protocol/epoch-seconds.ts';
import { listTransactions, type PortalTransactionPorts } from '../../core/logins/login-records.ts';
import { readStatistics, type StatisticsPorts } from '../../core/logins/read-statistics.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { type PortalEndpointPorts, portalEndpoint } from '../../http/portal-endpoint.ts';
import { placeOf, spanOf, writeCursor } from '../../http/query.ts';

export interface TransactionsEndpointPorts extends PortalEndpointPorts, PortalTransactionPorts, StatisticsPorts {}

const DAY_SECONDS = 86_400;
/** What is shown by default; fewer hours than days, so that it is within the bounds of both. */
const DEFAULT_SPAN_SECONDS = { hour: 7 * DAY_SECONDS, day: 30 * DAY_SECONDS } as const;
/** The last days before `to`. */
const daysBefore = (to: EpochSeconds, per: 'hour' | 'day' = 'day'): EpochSeconds =>
  epochSeconds(Math.max(FIRST_SECOND, to - DEFAULT_SPAN_SECONDS[per]));

/** Ended logins of an integration, individually and as statistics. */
export const transactionsEndpoint = (ports: TransactionsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, TRANSACTION_ROUTES, {
    portalTransactions: async ({ path, query }, operator) => {
      const { cursor, limit, to = ports.clock(), from = daysBefore(to), ...wanted } = query;
      const { outcome = null, mode = null, app = null, externalId = null, supportId = null } = wanted;
      const page = await listTransactions(ports)(operator, path.integrationId, {
        filter: { ...spanOf(from, to), outcome, mode, app, externalId, supportId },
        after: placeOf(cursor),
        limit,
      });
      return { ...page, cursor: writeCursor(page.cursor) };
    },
    portalStatistics: async ({ path, query }, operator) => {
      const { per, to = ports.clock(), from = daysBefore(to, per) } = query;
      return readStatistics(ports)(operator, path.integrationId, { ...spanOf(from, to), per });
    },
  });
