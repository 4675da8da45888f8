import { AuditPage, Me } from '../../contract/api/portal/operator.ts';
import type { AuditPorts } from '../core/portal/audit.ts';
import { Problem } from '../core/problem.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler } from '../http/endpoint.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { cursorOf, limitOf, type PortalEndpointPorts, portalEndpoint, writeCursor } from '../http/portal-endpoint.ts';

export interface AccountsEndpointPorts extends PortalEndpointPorts, AuditPorts {}

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
        const { entries, cursor } = await ports.audit.page(accountId, limitOf(request), cursorOf(request));
        return jsonAnswer(AuditPage, { entries: [...entries], cursor: writeCursor(cursor) }, NO_STORE_HEADERS);
      },
    },
  });
