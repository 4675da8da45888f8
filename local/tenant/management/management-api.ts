import express, { type Router } from 'express';
import type { JWK } from 'jose';
import type { ActionRegistry } from '../actions/action-registry.ts';
import type { TenantUserStore } from '../user-store.ts';
import { scopesOfToken } from './access.ts';
import { addActionRoutes } from './action-routes.ts';
import { answerProblem, notEmulated } from './problem.ts';
import { addReadOnlyRoutes, type ReadOnlyParts } from './read-only-routes.ts';
import { addUserRoutes } from './user-routes.ts';

/** What the Management API works with. */
export interface ManagementPorts extends ReadOnlyParts {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: readonly JWK[];
  readonly registry: ActionRegistry;
  readonly users: TenantUserStore;
  readonly log: (line: string) => void;
}

/** Fits code of 100 kB and 30 secrets of 4 kB. */
const MAX_BODY = '1mb';

/**
 * Auth0's Management API v2 as far as the installer, auth0-deploy-cli and tests need it: Actions with versions and the post-login
 * flow, users, and views of the rest. Every request needs a token of this tenant with the scope that Auth0 requires.
 */
export const managementApi = (ports: ManagementPorts): Router => {
  const router = express.Router();
  const scopesOf = scopesOfToken(ports.jwks, ports.issuer, ports.audience);
  router.use(express.json({ limit: MAX_BODY }));
  addActionRoutes(router, ports.registry, scopesOf);
  addUserRoutes(router, ports.users, scopesOf);
  addReadOnlyRoutes(router, ports, scopesOf);
  router.use(notEmulated);
  router.use(answerProblem(ports.log));
  return router;
};
