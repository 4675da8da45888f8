import { CONSENT_ROUTES } from '../../../contract/api/routes/portal-consents.ts';
import { INTEGRATION_ROUTES } from '../../../contract/api/routes/portal-integrations.ts';
import { listConsents, readConsent } from '../../core/integrations/consents.ts';
import { editIntegration } from '../../core/integrations/edit-integration.ts';
import {
  addIntegration,
  deleteIntegration,
  listIntegrations,
  type PortalIntegrationPorts,
  readConnection,
  readIntegration,
  rotateSecret,
} from '../../core/integrations/portal-integrations.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { type PortalEndpointPorts, portalEndpoint } from '../../http/portal-endpoint.ts';
import { placeOf, writeCursor } from '../../http/query.ts';

export interface IntegrationsEndpointPorts extends PortalEndpointPorts, PortalIntegrationPorts {}

/** Integrations of the operator's account: list, read, create, change, rotate, delete; and their consent versions. */
export const integrationsEndpoint = (ports: IntegrationsEndpointPorts): HttpHandler =>
  portalEndpoint(
    ports,
    { ...INTEGRATION_ROUTES, ...CONSENT_ROUTES },
    {
      portalIntegrations: (_input, operator) => listIntegrations(ports)(operator),
      portalAddIntegration: ({ body }, operator) => addIntegration(ports)(operator, body.options),
      portalIntegration: ({ path }, operator) => readIntegration(ports)(operator, path.integrationId),
      portalEditIntegration: ({ path, body }, operator) =>
        editIntegration(ports)(operator, path.integrationId, { change: body.options, base: body.base }),
      portalConnection: ({ path }, operator) => readConnection(ports)(operator, path.integrationId),
      portalRotateSecret: ({ path, body }, operator) => rotateSecret(ports)(operator, path.integrationId, body),
      portalDeleteIntegration: ({ path, body }, operator) =>
        deleteIntegration(ports)(operator, path.integrationId, body.name),
      portalConsents: async ({ path, query: { cursor, limit } }, operator) => {
        const wanted = { after: placeOf(cursor), limit };
        const { items, after } = await listConsents(ports)(operator, path.integrationId, wanted);
        return { consents: [...items], cursor: writeCursor(after) };
      },
      portalConsent: ({ query }, operator) => readConsent(ports)(operator, query),
    },
  );
