import { AccountChange, AccountView } from '../portal/account.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** The account’s name and defaults. */
export const ACCOUNT_ROUTES = {
  portalAccount: { method: 'GET', path: '/api/portal/account', permission: 'read', answers: { 200: AccountView } },
  portalEditAccount: {
    method: 'PATCH',
    path: '/api/portal/account',
    permission: 'write',
    body: AccountChange,
    answers: { 200: AccountView },
  },
} as const satisfies RouteTable<PortalRoute>;
