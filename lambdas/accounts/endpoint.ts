import { AuditPage, Me } from '../../contract/api/portal/operator.ts';
import { epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { AuditPorts } from '../core/portal/audit.ts';
import { Problem } from '../core/problem.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler } from '../http/endpoint.ts';
import { jsonAnswer } from '../http/json-body.ts';
import {
  cursorOf,
  EXPORT_LIMIT,
  limitOf,
  type PortalEndpointPorts,
  portalEndpoint,
  queryParameter,
  timesOf,
  writeCursor,
} from '../http/portal-endpoint.ts';

export interface AccountsEndpointPorts extends PortalEndpointPorts, AuditPorts {}

/** The first second that counts have ten digits for; the log is younger. */
const SINCE_EVER = epochSeconds(1_000_000_000);

/** GET /api/portal/me and GET /api/portal/audit */
export const accountsEndpoint = (ports: AccountsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/me': {
      permission: 'look',
      run: async (_request, { operatorId, email, role, accountId }) => {
        const account = await ports.operators.readAccount(accountId);
        if (account === null) throw new Problem('no-account', 'a membership without its account');
        const me = { operatorId, email, role, account: { accountId, name: account.name } };
        return jsonAnswer(Me, me, NO_STORE_HEADERS);
      },
    },
    'GET /api/portal/audit': {
      permission: 'manage',
      run: async (request, { accountId }) => {
        const { items, after } = await ports.audit.page(accountId, {
          filter: {
            ...timesOf(request, { from: SINCE_EVER, to: ports.clock() }),
            act: queryParameter(request, 'act', 64),
            email: queryParameter(request, 'email'),
            integrationId: queryParameter(request, 'integrationId', 64),
            externalId: queryParameter(request, 'externalId'),
          },
          after: cursorOf(request),
          limit: limitOf(request, EXPORT_LIMIT),
        });
        return jsonAnswer(AuditPage, { entries: [...items], cursor: writeCursor(after) }, NO_STORE_HEADERS);
      },
    },
  });
