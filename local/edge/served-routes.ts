import { PORTAL_ROUTES, ROUTES } from '../../contract/api/routes.ts';
import type { ServedRoute } from './gateway-event.ts';

const OPERATORS = new Set<string>(PORTAL_ROUTES.map(({ name }) => name));

/** The routes of the contract, which are the ones that are deployed. */
export const SERVED_ROUTES: readonly ServedRoute[] = ROUTES.map(({ name, method, path, lambda }) => ({
  method,
  path,
  lambda,
  isForOperators: OPERATORS.has(name),
}));
