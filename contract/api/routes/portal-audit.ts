import { AuditPage, AuditQuery } from '../portal/operator.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Audit events of operators and API keys. */
export const AUDIT_ROUTES = {
  portalAudit: {
    method: 'GET',
    path: '/api/portal/audit',
    permission: 'write',
    query: AuditQuery,
    answers: { 200: AuditPage },
  },
} as const satisfies RouteTable<PortalRoute>;
