import { Me } from '../portal/me.ts';
import { Newcomer } from '../portal/newcomer.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** Who is signed in, and what someone can do who is not a member of any account yet. */
export const SIGN_IN_ROUTES = {
  portalMe: { method: 'GET', path: '/api/portal/me', permission: 'read', answers: { 200: Me } },
  portalNewcomer: {
    method: 'GET',
    path: '/api/portal/newcomer',
    permission: 'unregistered',
    answers: { 200: Newcomer },
  },
  portalFoundAccount: {
    method: 'POST',
    path: '/api/portal/account',
    permission: 'unregistered',
    answers: { 200: Me },
  },
} as const satisfies RouteTable<PortalRoute>;
