import { ConnectionView } from '../../../contract/api/portal/connection.ts';
import { ConsentPage, ConsentQuery, ConsentView } from '../../../contract/api/portal/consents.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  NewIntegration,
  RotateSecret,
  ShownOnce,
} from '../../../contract/api/portal/integrations.ts';
import { ConsentListQuery } from '../../../contract/api/portal/queries.ts';
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
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../../http/json-body.ts';
import { type PortalEndpointPorts, type PortalRoute, portalEndpoint } from '../../http/portal-endpoint.ts';
import { pathParameter, placeOf, queryOf, writeCursor } from '../../http/query.ts';

export interface IntegrationsEndpointPorts extends PortalEndpointPorts, PortalIntegrationPorts {}

const ONE = '/api/portal/integrations/{integrationId}';

const consentRoutes = (ports: IntegrationsEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  [`GET ${ONE}/consents`]: {
    permission: 'look',
    run: async (request, operator) => {
      const { cursor, limit } = queryOf(request, ConsentListQuery);
      const from = { after: placeOf(cursor), limit };
      const { items, after } = await listConsents(ports)(operator, pathParameter(request, 'integrationId'), from);
      return jsonAnswer(ConsentPage, { consents: [...items], cursor: writeCursor(after) }, NO_STORE_HEADERS);
    },
  },
  'GET /api/portal/consent': {
    permission: 'look',
    run: async (request, operator) => {
      const consent = await readConsent(ports)(operator, queryOf(request, ConsentQuery));
      return jsonAnswer(ConsentView, consent, NO_STORE_HEADERS);
    },
  },
});

/** Integrations of the operator's account: list, read, create, change, rotate, delete; and the wordings of their consents. */
export const integrationsEndpoint = (ports: IntegrationsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    ...consentRoutes(ports),
    'GET /api/portal/integrations': {
      permission: 'look',
      run: async (_request, operator) =>
        jsonAnswer(IntegrationList, await listIntegrations(ports)(operator), NO_STORE_HEADERS),
    },
    [`GET ${ONE}`]: {
      permission: 'look',
      run: async (request, operator) => {
        const view = await readIntegration(ports)(operator, pathParameter(request, 'integrationId'));
        return jsonAnswer(IntegrationView, view, NO_STORE_HEADERS);
      },
    },
    'POST /api/portal/integrations': {
      permission: 'secure',
      run: async (request, operator) => {
        const { options } = jsonBody(request, NewIntegration);
        return jsonAnswer(ShownOnce, await addIntegration(ports)(operator, options), NO_STORE_HEADERS);
      },
    },
    [`PATCH ${ONE}`]: {
      permission: 'manage',
      run: async (request, operator) => {
        const { options: change, base } = jsonBody(request, IntegrationChange);
        const integrationId = pathParameter(request, 'integrationId');
        const view = await editIntegration(ports)(operator, integrationId, { change, base });
        return jsonAnswer(IntegrationView, view, NO_STORE_HEADERS);
      },
    },
    [`GET ${ONE}/connection`]: {
      permission: 'look',
      run: async (request, operator) => {
        const connection = await readConnection(ports)(operator, pathParameter(request, 'integrationId'));
        return jsonAnswer(ConnectionView, connection, NO_STORE_HEADERS);
      },
    },
    [`POST ${ONE}/secrets`]: {
      permission: 'secure',
      run: async (request, operator) => {
        const rotation = jsonBody(request, RotateSecret);
        const shown = await rotateSecret(ports)(operator, pathParameter(request, 'integrationId'), rotation);
        return jsonAnswer(ShownOnce, shown, NO_STORE_HEADERS);
      },
    },
    [`POST ${ONE}/delete`]: {
      permission: 'secure',
      run: async (request, operator) => {
        const { name } = jsonBody(request, DeleteIntegration);
        await deleteIntegration(ports)(operator, pathParameter(request, 'integrationId'), name);
        return { statusCode: 204, headers: { ...NO_STORE_HEADERS } };
      },
    },
  });
