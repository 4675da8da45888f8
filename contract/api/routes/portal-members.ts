import {
  AcceptInvitation,
  ChangeRole,
  Invite,
  Invited,
  Members,
  RemoveMember,
  RevokeInvitation,
} from '../portal/members.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Members of the account, and invitations. */
export const MEMBER_ROUTES = {
  portalPeople: { method: 'GET', path: '/api/portal/people', permission: 'read', answers: { 200: Members } },
  portalInvite: {
    method: 'POST',
    path: '/api/portal/people/invitations',
    permission: 'admin',
    body: Invite,
    answers: { 200: Invited },
  },
  portalRevokeInvitation: {
    method: 'POST',
    path: '/api/portal/people/invitations/revoke',
    permission: 'admin',
    body: RevokeInvitation,
    answers: { 204: 'empty' },
  },
  portalAcceptInvitation: {
    method: 'POST',
    path: '/api/portal/invitations/accept',
    permission: 'unregistered',
    body: AcceptInvitation,
    answers: { 204: 'empty' },
  },
  portalChangeRole: {
    method: 'POST',
    path: '/api/portal/people/role',
    permission: 'admin',
    body: ChangeRole,
    answers: { 200: Members },
  },
  portalRemovePerson: {
    method: 'POST',
    path: '/api/portal/people/remove',
    permission: 'admin',
    body: RemoveMember,
    answers: { 204: 'empty' },
  },
  portalLeave: { method: 'POST', path: '/api/portal/people/leave', permission: 'read', answers: { 204: 'empty' } },
} as const satisfies RouteTable<PortalRoute>;
