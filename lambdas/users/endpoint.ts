import { DeletionReceipt, UserPage, UserState, UserTarget, UserView } from '../../contract/api/portal/users.ts';
import { deleteUser, listUsers, type PortalUserPorts, readUser, unlockUser } from '../core/portal/users.ts';
import { Problem } from '../core/problem.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import type { HttpHandler, HttpRequest } from '../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import {
  cursorOf,
  limitOf,
  type PortalEndpointPorts,
  pathParameter,
  portalEndpoint,
  queryParameter,
  writeCursor,
} from '../http/portal-endpoint.ts';

export interface UsersEndpointPorts extends PortalEndpointPorts, PortalUserPorts {}

const stateOf = (request: HttpRequest): UserState | null => {
  const state = queryParameter(request, 'state');
  if (state === null) return null;
  const known = UserState.safeParse(state);
  if (!known.success) throw new Problem('invalid-request', 'query state');
  return known.data;
};

/** People of an integration: search, look, unlock, delete. */
export const usersEndpoint = (ports: UsersEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/integrations/{integrationId}/users': {
      permission: 'look',
      run: async (request, operator) => {
        const page = await listUsers(ports)(operator, pathParameter(request, 'integrationId'), {
          prefix: queryParameter(request, 'prefix') ?? '',
          state: stateOf(request),
          after: cursorOf(request),
          limit: limitOf(request),
        });
        return jsonAnswer(UserPage, { ...page, cursor: writeCursor(page.cursor) }, NO_STORE_HEADERS);
      },
    },
    'GET /api/portal/user': {
      permission: 'look',
      run: async (request, operator) => {
        const integrationId = queryParameter(request, 'integrationId') ?? '';
        const externalId = queryParameter(request, 'externalId') ?? '';
        return jsonAnswer(UserView, await readUser(ports)(operator, integrationId, externalId), NO_STORE_HEADERS);
      },
    },
    'POST /api/portal/user/unlock': {
      permission: 'manage',
      run: async (request, operator) => {
        const { integrationId, externalId } = jsonBody(request, UserTarget);
        return jsonAnswer(UserView, await unlockUser(ports)(operator, integrationId, externalId), NO_STORE_HEADERS);
      },
    },
    'POST /api/portal/user/delete': {
      permission: 'manage',
      run: async (request, operator) => {
        const { integrationId, externalId } = jsonBody(request, UserTarget);
        const receipt = await deleteUser(ports)(operator, integrationId, externalId);
        return jsonAnswer(DeletionReceipt, receipt, NO_STORE_HEADERS);
      },
    },
  });
