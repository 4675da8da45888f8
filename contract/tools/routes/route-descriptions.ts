import type { RouteName } from '../../api/routes.ts';
import { BACKEND_DESCRIPTIONS } from './backend.ts';
import { CAPTURE_DESCRIPTIONS } from './capture.ts';
import { ACCOUNT_DESCRIPTIONS } from './portal-account.ts';
import { AUTOMATION_DESCRIPTIONS } from './portal-automation.ts';
import { INTEGRATIONS_DESCRIPTIONS } from './portal-integrations.ts';
import { USERS_DESCRIPTIONS } from './portal-users.ts';
import type { RouteDescription } from './route-description.ts';

/** A description for every route: the compiler misses one that is missing. */
export const ROUTE_DESCRIPTIONS: Readonly<Record<RouteName, RouteDescription>> = {
  ...CAPTURE_DESCRIPTIONS,
  ...ACCOUNT_DESCRIPTIONS,
  ...INTEGRATIONS_DESCRIPTIONS,
  ...USERS_DESCRIPTIONS,
  ...AUTOMATION_DESCRIPTIONS,
  ...BACKEND_DESCRIPTIONS,
};
