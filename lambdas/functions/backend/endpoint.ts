import { InvitationRequest, UserQuery, UserStatus } from '../../../contract/api/backend.ts';
import { DeletionReceipt, EnrollmentInvitationView } from '../../../contract/api/portal/users.ts';
import { type CallerPorts, checkReach } from '../../core/api-keys/caller.ts';
import { type InviteUserPorts, inviteUser } from '../../core/users/invite-user.ts';
import { type DeleteUserPorts, deleteUser } from '../../core/users/manage-users.ts';
import { readUserStatus } from '../../core/users/user-status.ts';
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import { backendEndpoint } from '../../http/backend-endpoint.ts';
import type { HttpHandler, HttpRequest } from '../../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../../http/json-body.ts';
import { pathParameter, queryOf } from '../../http/query.ts';

export interface BackendEndpointPorts extends CallerPorts, DeleteUserPorts {
  readonly users: DeleteUserPorts['users'] & InviteUserPorts['users'];
}

const personOf = (request: HttpRequest) => ({
  integrationId: pathParameter(request, 'integrationId'),
  externalId: queryOf(request, UserQuery).externalId,
});

/** `/api/v1`: how a person stands, their deletion and invitations to enroll, for the organisation's own backend. */
export const backendApi = (ports: BackendEndpointPorts): HttpHandler =>
  backendEndpoint(ports, {
    'GET /api/v1/integrations/{integrationId}/user': {
      scope: 'users:read',
      run: async (request, caller) => {
        const { integrationId, externalId } = personOf(request);
        return jsonAnswer(UserStatus, await readUserStatus(ports)(caller, integrationId, externalId), NO_STORE_HEADERS);
      },
    },
    'DELETE /api/v1/integrations/{integrationId}/user': {
      scope: 'users:delete',
      run: async (request, caller) => {
        const { integrationId, externalId } = personOf(request);
        checkReach(caller, integrationId);
        const receipt = await deleteUser(ports)(caller, { integrationId, externalId });
        return jsonAnswer(DeletionReceipt, receipt, NO_STORE_HEADERS);
      },
    },
    'POST /api/v1/integrations/{integrationId}/user/invitation': {
      scope: 'invitations:create',
      run: async (request, caller) => {
        const integrationId = pathParameter(request, 'integrationId');
        checkReach(caller, integrationId);
        const invitation = await inviteUser(ports)(caller, { integrationId, ...jsonBody(request, InvitationRequest) });
        return jsonAnswer(EnrollmentInvitationView, invitation, NO_STORE_HEADERS);
      },
    },
  });
