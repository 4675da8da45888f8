import { USER_ROUTES } from '../../../contract/api/routes/portal-users.ts';
import { inviteAndRead, uninviteUser } from '../../core/users/invite-user.ts';
import { type ListUserPorts, listUsers, readUser } from '../../core/users/list-users.ts';
import {
  deleteUser,
  type ManageUserPorts,
  requireEnrollment,
  setUserDisabled,
  showPhoto,
  unlockUser,
} from '../../core/users/manage-users.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { type PortalEndpointPorts, portalEndpoint } from '../../http/portal-endpoint.ts';
import { placeOf, writeCursor } from '../../http/query.ts';

export interface UsersEndpointPorts extends PortalEndpointPorts, ListUserPorts, ManageUserPorts {
  readonly users: ListUserPorts['users'] & ManageUserPorts['users'];
}

/** Users of an integration: search, view, and the actions of operators. */
export const usersEndpoint = (ports: UsersEndpointPorts): HttpHandler =>
  portalEndpoint(ports, USER_ROUTES, {
    portalUsers: async ({ path, query }, operator) => {
      const { prefix = '', state = null, cursor, limit } = query;
      const wanted = { prefix, state, after: placeOf(cursor), limit };
      const page = await listUsers(ports)(operator, path.integrationId, wanted);
      return { ...page, cursor: writeCursor(page.cursor) };
    },
    portalUser: ({ query }, operator) => readUser(ports)(operator, query.integrationId, query.externalId),
    portalUnlockUser: ({ body }, operator) => unlockUser(ports)(operator, body),
    portalDisableUser: ({ body }, operator) => setUserDisabled(ports, true)(operator, body),
    portalEnableUser: ({ body }, operator) => setUserDisabled(ports, false)(operator, body),
    portalRequireEnrollment: ({ body }, operator) => requireEnrollment(ports)(operator, body),
    portalRequireEnrolment: ({ body }, operator) => requireEnrollment(ports)(operator, body),
    portalInviteUser: ({ body }, operator) => inviteAndRead(ports)(operator, body),
    portalUninviteUser: ({ body }, operator) => uninviteUser(ports)(operator, body),
    portalUserPhoto: ({ body }, operator) => showPhoto(ports)(operator, body),
    portalDeleteUser: ({ body }, operator) => deleteUser(ports)(operator, body),
  });
