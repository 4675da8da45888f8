import { InvitationRequest, UserQuery, UserStatus } from '../backend.ts';
import { DeletionReceipt, EnrollmentInvitationView } from '../portal/users.ts';
import type { BackendRoute, RouteTable } from './definition.ts';

/** Calls of an organization's own backend: the function itself checks the API key. */
export const BACKEND_USER_ROUTES = {
  userStatus: {
    method: 'GET',
    path: '/api/v1/integrations/{integrationId}/user',
    scope: 'users:read',
    query: UserQuery,
    answers: { 200: UserStatus },
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/v1/integrations/{integrationId}/user',
    scope: 'users:delete',
    query: UserQuery,
    answers: { 200: DeletionReceipt },
  },
  inviteUser: {
    method: 'POST',
    path: '/api/v1/integrations/{integrationId}/user/invitation',
    scope: 'invitations:create',
    body: InvitationRequest,
    answers: { 200: EnrollmentInvitationView },
  },
} as const satisfies RouteTable<BackendRoute>;
