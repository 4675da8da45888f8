import { TransactionPage } from '../../contract/api/portal/transactions.ts';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { OUTCOMES, type Outcome } from '../../contract/protocol/outcomes.ts';
import { listTransactions, type PortalTransactionPorts } from '../core/portal/transactions.ts';
import { Problem } from '../core/problem.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler, HttpRequest } from '../http/endpoint.ts';
import { jsonAnswer } from '../http/json-body.ts';
import {
  cursorOf,
  limitOf,
  type PortalEndpointPorts,
  pathParameter,
  portalEndpoint,
  queryParameter,
  writeCursor,
} from '../http/portal-endpoint.ts';

export interface TransactionsEndpointPorts extends PortalEndpointPorts, PortalTransactionPorts {}

const DEFAULT_SPAN_SECONDS = 30 * 86_400;

const timeOf = (request: HttpRequest, name: string, otherwise: EpochSeconds): EpochSeconds => {
  const value = queryParameter(request, name, 10);
  if (value === null) return otherwise;
  if (!/^\d{10}$/.test(value)) throw new Problem('invalid-request', `query ${name}`);
  return epochSeconds(Number(value));
};

const outcomeOf = (request: HttpRequest): Outcome | null => {
  const outcome = queryParameter(request, 'outcome');
  if (outcome === null) return null;
  const known = OUTCOMES.find((each) => each === outcome);
  if (known === undefined) throw new Problem('invalid-request', 'query outcome');
  return known;
};

/** Ended logins of an integration, by time, outcome, person or support id; the last 30 days unless told. */
export const transactionsEndpoint = (ports: TransactionsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/integrations/{integrationId}/transactions': {
      permission: 'look',
      run: async (request, operator) => {
        const now = ports.clock();
        const page = await listTransactions(ports)(operator, pathParameter(request, 'integrationId'), {
          filter: {
            from: timeOf(request, 'from', addSeconds(now, -DEFAULT_SPAN_SECONDS)),
            to: timeOf(request, 'to', now),
            outcome: outcomeOf(request),
            externalId: queryParameter(request, 'externalId'),
            supportId: queryParameter(request, 'supportId', 9)?.toUpperCase() ?? null,
          },
          after: cursorOf(request),
          limit: limitOf(request),
        });
        return jsonAnswer(TransactionPage, { ...page, cursor: writeCursor(page.cursor) }, NO_STORE_HEADERS);
      },
    },
  });
