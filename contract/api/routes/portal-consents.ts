import { ConsentListQuery, ConsentPage, ConsentQuery, ConsentView } from '../portal/consents.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Consent versions of an integration. */
export const CONSENT_ROUTES = {
  portalConsents: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/consents',
    permission: 'read',
    query: ConsentListQuery,
    answers: { 200: ConsentPage },
  },
  portalConsent: {
    method: 'GET',
    path: '/api/portal/consent',
    permission: 'read',
    query: ConsentQuery,
    answers: { 200: ConsentView },
  },
} as const satisfies RouteTable<PortalRoute>;
