import {
  DeletionReceipt,
  InviteUser,
  ReferencePhoto,
  RequireEnrollment,
  UserListQuery,
  UserPage,
  UserTarget,
  UserTargetWithReason,
  UserView,
} from '../portal/users.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Users of an integration: search, view, and the actions of operators. */
export const USER_ROUTES = {
  portalUsers: {
    method: 'GET',
    path: '/api/portal/integrations/{integrationId}/users',
    permission: 'read',
    query: UserListQuery,
    answers: { 200: UserPage },
  },
  portalUser: {
    method: 'GET',
    path: '/api/portal/user',
    permission: 'read',
    query: UserTarget,
    answers: { 200: UserView },
  },
  portalUnlockUser: {
    method: 'POST',
    path: '/api/portal/user/unlock',
    permission: 'write',
    body: UserTarget,
    answers: { 200: UserView },
  },
  portalDeleteUser: {
    method: 'POST',
    path: '/api/portal/user/delete',
    permission: 'delete',
    body: UserTarget,
    answers: { 200: DeletionReceipt },
  },
  portalDisableUser: {
    method: 'POST',
    path: '/api/portal/user/disable',
    permission: 'write',
    body: UserTargetWithReason,
    answers: { 200: UserView },
  },
  portalEnableUser: {
    method: 'POST',
    path: '/api/portal/user/enable',
    permission: 'write',
    body: UserTargetWithReason,
    answers: { 200: UserView },
  },
  portalRequireEnrollment: {
    method: 'POST',
    path: '/api/portal/user/require-enrollment',
    permission: 'write',
    body: RequireEnrollment,
    answers: { 200: UserView },
  },
  /** The same under its former path, which open pages of the previous release still call. */
  portalRequireEnrolment: {
    method: 'POST',
    path: '/api/portal/user/require-enrolment',
    permission: 'write',
    body: RequireEnrollment,
    answers: { 200: UserView },
  },
  portalInviteUser: {
    method: 'POST',
    path: '/api/portal/user/invite',
    permission: 'write',
    body: InviteUser,
    answers: { 200: UserView },
  },
  portalUninviteUser: {
    method: 'POST',
    path: '/api/portal/user/uninvite',
    permission: 'write',
    body: UserTarget,
    answers: { 200: UserView },
  },
  portalUserPhoto: {
    method: 'POST',
    path: '/api/portal/user/photo',
    permission: 'viewPhoto',
    body: UserTarget,
    answers: { 200: ReferencePhoto },
  },
} as const satisfies RouteTable<PortalRoute>;
