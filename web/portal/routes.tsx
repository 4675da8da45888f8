import { Navigate, type RouteObject } from 'react-router';
import { INVITATION_PAGE } from '../../contract/api/portal/members.ts';
import { NotFound } from './components/page-states.tsx';
import { NAVIGATION } from './navigation.ts';
import { BrokenPage } from './shell/broken-page.tsx';
import { Shell } from './shell/shell.tsx';

/**
 * Every page; those of the side navigation are also in navigation.ts. Each is a separate file that exports `Component` and is loaded when it is visited:
 *   { path: 'users', lazy: () => import('./pages/users/users-page.tsx') },
 */
const PAGES: RouteObject[] = [
  { path: 'overview', lazy: () => import('./pages/overview/overview-page.tsx') },
  { path: 'integrations', lazy: () => import('./pages/integrations/integrations-page.tsx') },
  { path: 'integrations/new', lazy: () => import('./pages/integrations/new-page.tsx') },
  { path: 'integrations/:integrationId', lazy: () => import('./pages/integrations/settings-page.tsx') },
  { path: 'integrations/:integrationId/connect', lazy: () => import('./pages/integrations/connect-page.tsx') },
  { path: 'integrations/:integrationId/secrets', lazy: () => import('./pages/integrations/secrets-page.tsx') },
  { path: 'people', lazy: () => import('./pages/members/members-page.tsx') },
  { path: 'settings', lazy: () => import('./pages/settings/settings-page.tsx') },
  { path: 'settings/api-keys', lazy: () => import('./pages/settings/api-keys-page.tsx') },
  { path: 'settings/webhooks', lazy: () => import('./pages/settings/webhooks-page.tsx') },
  { path: 'users', lazy: () => import('./pages/users/users-page.tsx') },
  { path: 'users/person', lazy: () => import('./pages/users/user-page.tsx') },
  { path: 'transactions', lazy: () => import('./pages/transactions/transactions-page.tsx') },
  { path: 'support/:supportId', lazy: () => import('./pages/transactions/support-page.tsx') },
  { path: 'audit', lazy: () => import('./pages/audit/audit-page.tsx') },
];

export const ROUTES: RouteObject[] = [
  // Outside the frame, which loads the operator: someone invited is not a member yet.
  { path: INVITATION_PAGE, lazy: () => import('./pages/members/invitation-page.tsx') },
  {
    Component: Shell,
    ErrorBoundary: BrokenPage,
    children: [
      {
        ErrorBoundary: BrokenPage,
        children: [
          { index: true, element: <Navigate to={NAVIGATION[0]?.path ?? '/'} replace /> },
          ...PAGES,
          { path: '*', Component: NotFound },
        ],
      },
    ],
  },
];
