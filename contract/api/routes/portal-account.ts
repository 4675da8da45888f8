import { AccountChange, AccountView } from '../portal/account.ts';
import type { PortalRoute, RouteTable } from './definition.ts';

/** The account’s name and defaults. */
export const ACCOUNT_ROUTES = {
  portalAccount: { method: 'GET', path: '/api/portal/account', permission: 'look', answers: { 200: AccountView } },
  portalEditAccount: {
    method: 'PATCH',
    path: '/api/portal/account',
    permission: 'manage',
    body: AccountChange,
    answers: { 200: AccountView },
  },
} as const satisfies RouteTable<PortalRoute>;
