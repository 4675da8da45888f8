import type * as z from 'zod';
import { UserListQuery } from '../../../contract/api/portal/queries.ts';
import {
  DeletionReceipt,
  InviteUser,
  ReferencePhoto,
  RequireEnrollment,
  UserPage,
  UserTarget,
  UserTargetWithReason,
  UserView,
} from '../../../contract/api/portal/users.ts';
import type { Operator } from '../../core/accounts/operator.ts';
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
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import type { HttpHandler } from '../../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../../http/json-body.ts';
import { type PortalEndpointPorts, type PortalRoute, portalEndpoint } from '../../http/portal-endpoint.ts';
import { pathParameter, placeOf, queryOf, writeCursor } from '../../http/query.ts';

export interface UsersEndpointPorts extends PortalEndpointPorts, ListUserPorts, ManageUserPorts {
  readonly users: ListUserPorts['users'] & ManageUserPorts['users'];
}

/** An act on one person that owners and admins may do; to erase one, by a fresh sign-in. */
const changing = <Body extends z.ZodType, Answer extends z.ZodType>(
  body: Body,
  act: (operator: Operator, request: z.infer<Body>) => Promise<z.input<Answer>>,
  answer: Answer,
  permission: 'manage' | 'reveal' | 'erase' = 'manage',
): PortalRoute => ({
  permission,
  run: async (request, operator) => jsonAnswer(answer, await act(operator, jsonBody(request, body)), NO_STORE_HEADERS),
});

/** People of an integration: search, look, and what operators do to them. */
export const usersEndpoint = (ports: UsersEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    'GET /api/portal/integrations/{integrationId}/users': {
      permission: 'look',
      run: async (request, operator) => {
        const integrationId = pathParameter(request, 'integrationId');
        const { prefix = '', state = null, cursor, limit } = queryOf(request, UserListQuery);
        const query = { prefix, state, after: placeOf(cursor), limit };
        const page = await listUsers(ports)(operator, integrationId, query);
        return jsonAnswer(UserPage, { ...page, cursor: writeCursor(page.cursor) }, NO_STORE_HEADERS);
      },
    },
    'GET /api/portal/user': {
      permission: 'look',
      run: async (request, operator) => {
        const { integrationId, externalId } = queryOf(request, UserTarget);
        return jsonAnswer(UserView, await readUser(ports)(operator, integrationId, externalId), NO_STORE_HEADERS);
      },
    },
    'POST /api/portal/user/unlock': changing(UserTarget, unlockUser(ports), UserView),
    'POST /api/portal/user/disable': changing(UserTargetWithReason, setUserDisabled(ports, true), UserView),
    'POST /api/portal/user/enable': changing(UserTargetWithReason, setUserDisabled(ports, false), UserView),
    'POST /api/portal/user/require-enrollment': changing(RequireEnrollment, requireEnrollment(ports), UserView),
    'POST /api/portal/user/require-enrolment': changing(RequireEnrollment, requireEnrollment(ports), UserView),
    'POST /api/portal/user/invite': changing(InviteUser, inviteAndRead(ports), UserView),
    'POST /api/portal/user/uninvite': changing(UserTarget, uninviteUser(ports), UserView),
    'POST /api/portal/user/photo': changing(UserTarget, showPhoto(ports), ReferencePhoto, 'reveal'),
    'POST /api/portal/user/delete': changing(UserTarget, deleteUser(ports), DeletionReceipt, 'erase'),
  });
