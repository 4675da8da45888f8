import { MAX_LONG_BODY_BYTES } from '../body-limits.ts';
import { ConnectionView } from '../portal/connection.ts';
import { ConsentPage, ConsentQuery, ConsentView } from '../portal/consents.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  NewIntegration,
  RotateSecret,
  ShownOnce,
} from '../portal/integrations.ts';
import { ConsentListQuery } from '../portal/queries.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Integrations of the operator's account, and the wordings of their consents. */
export const INTEGRATION_ROUTES = {
  portalIntegrations: {
    method: 'GET',
    path: '/api/portal/integrations',
    permission: 'look',
    answers: { 200: IntegrationList },
  },
  portalAddIntegration: {
    method: 'POST',
    path: '/api/portal/integrations',
    permission: 'secure',
    body: NewIntegration,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: ShownOnce },
  },
  portalIntegration: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}',
    permission: 'look',
    answers: { 200: IntegrationView },
  },
  portalEditIntegration: {
    method: 'PATCH',
    path: '/api/portal/integrations/{integrationId}',
    permission: 'manage',
    body: IntegrationChange,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: IntegrationView },
  },
  portalConnection: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/connection',
    permission: 'look',
    answers: { 200: ConnectionView },
  },
  portalConsents: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/consents',
    permission: 'look',
    query: ConsentListQuery,
    answers: { 200: ConsentPage },
  },
  portalConsent: {
    method: 'GET',
    path: '/api/portal/consent',
    permission: 'look',
    query: ConsentQuery,
    answers: { 200: ConsentView },
  },
  portalRotateSecret: {
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/secrets',
    permission: 'secure',
    body: RotateSecret,
    answers: { 200: ShownOnce },
  },
  portalDeleteIntegration: {
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/delete',
    permission: 'secure',
    body: DeleteIntegration,
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;
