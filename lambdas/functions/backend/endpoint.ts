import { BACKEND_USER_ROUTES } from '../../../contract/api/routes/backend.ts';
import type { CallerPorts } from '../../core/api-keys/caller.ts';
import { type InviteUserPorts, inviteUser } from '../../core/users/invite-user.ts';
import { type DeleteUserPorts, deleteUser } from '../../core/users/manage-users.ts';
import { readUserStatus } from '../../core/users/user-status.ts';
import { backendEndpoint } from '../../http/backend-endpoint.ts';
import type { HttpHandler } from '../../http/endpoint.ts';

export interface BackendEndpointPorts extends CallerPorts, DeleteUserPorts {
  readonly users: DeleteUserPorts['users'] & InviteUserPorts['users'];
}

/** `/api/v1`: a user's state, deletion and invitations to enroll, for the organization's own backend. */
export const backendApi = (ports: BackendEndpointPorts): HttpHandler =>
  backendEndpoint(ports, BACKEND_USER_ROUTES, {
    userStatus: ({ path, query }, caller) => readUserStatus(ports)(caller, path.integrationId, query.externalId),
    deleteUser: ({ path, query }, caller) => deleteUser(ports)(caller, { ...path, ...query }),
    inviteUser: ({ path, body }, caller) => inviteUser(ports)(caller, { ...path, ...body }),
  });
