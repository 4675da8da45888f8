import { AccountChange, AccountView } from '../portal/account.ts';
import { Me } from '../portal/me.ts';
import {
  AcceptInvitation,
  ChangeRole,
  Invite,
  Invited,
  Members,
  RemoveMember,
  RevokeInvitation,
} from '../portal/members.ts';
import { Newcomer } from '../portal/newcomer.ts';
import { AuditPage } from '../portal/operator.ts';
import { AuditQuery } from '../portal/queries.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** The operator's account: who is signed in, its members and invitations, its name and defaults, its audit log. */
export const ACCOUNT_ROUTES = {
  portalMe: { method: 'GET', path: '/api/portal/me', permission: 'look', answers: { 200: Me } },
  portalNewcomer: {
    method: 'GET',
    path: '/api/portal/newcomer',
    permission: 'newcomer',
    answers: { 200: Newcomer },
  },
  portalFoundAccount: {
    method: 'POST',
    path: '/api/portal/account',
    permission: 'newcomer',
    answers: { 200: Me },
  },
  portalAudit: {
    method: 'GET',
    path: '/api/portal/audit',
    permission: 'manage',
    query: AuditQuery,
    answers: { 200: AuditPage },
  },
  portalAccount: { method: 'GET', path: '/api/portal/account', permission: 'look', answers: { 200: AccountView } },
  portalEditAccount: {
    method: 'PATCH',
    path: '/api/portal/account',
    permission: 'manage',
    body: AccountChange,
    answers: { 200: AccountView },
  },
  portalPeople: { method: 'GET', path: '/api/portal/people', permission: 'look', answers: { 200: Members } },
  portalInvite: {
    method: 'POST',
    path: '/api/portal/people/invitations',
    permission: 'secure',
    body: Invite,
    answers: { 200: Invited },
  },
  portalRevokeInvitation: {
    method: 'POST',
    path: '/api/portal/people/invitations/revoke',
    permission: 'secure',
    body: RevokeInvitation,
    answers: { 204: 'empty' },
  },
  portalAcceptInvitation: {
    method: 'POST',
    path: '/api/portal/invitations/accept',
    permission: 'newcomer',
    body: AcceptInvitation,
    answers: { 204: 'empty' },
  },
  portalChangeRole: {
    method: 'POST',
    path: '/api/portal/people/role',
    permission: 'secure',
    body: ChangeRole,
    answers: { 200: Members },
  },
  portalRemovePerson: {
    method: 'POST',
    path: '/api/portal/people/remove',
    permission: 'secure',
    body: RemoveMember,
    answers: { 204: 'empty' },
  },
  portalLeave: { method: 'POST', path: '/api/portal/people/leave', permission: 'look', answers: { 204: 'empty' } },
} as const satisfies RouteTable<PortalRoute>;
