import { MAX_LONG_BODY_BYTES } from '../body-limits.ts';
import { ConnectionView } from '../portal/connection.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  NewIntegration,
  RotateSecret,
  ShownOnce,
} from '../portal/integrations.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Integrations of the operator's account. */
export const INTEGRATION_ROUTES = {
  portalIntegrations: {
    method: 'GET',
    path: '/api/portal/integrations',
    permission: 'read',
    answers: { 200: IntegrationList },
  },
  portalAddIntegration: {
    method: 'POST',
    path: '/api/portal/integrations',
    permission: 'admin',
    body: NewIntegration,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: ShownOnce },
  },
  portalIntegration: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}',
    permission: 'read',
    answers: { 200: IntegrationView },
  },
  portalEditIntegration: {
    method: 'PATCH',
    path: '/api/portal/integrations/{integrationId}',
    permission: 'write',
    body: IntegrationChange,
    maxBodyBytes: MAX_LONG_BODY_BYTES,
    answers: { 200: IntegrationView },
  },
  portalConnection: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/connection',
    permission: 'read',
    answers: { 200: ConnectionView },
  },
  portalRotateSecret: {
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/secrets',
    permission: 'admin',
    body: RotateSecret,
    answers: { 200: ShownOnce },
  },
  portalDeleteIntegration: {
    method: 'POST',
    path: '/api/portal/integrations/{integrationId}/delete',
    permission: 'admin',
    body: DeleteIntegration,
    answers: { 204: 'empty' },
  },
} as const satisfies RouteTable<PortalRoute>;
