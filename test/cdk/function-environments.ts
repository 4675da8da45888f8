import type * as z from 'zod';
import {
  FaceCheckEnvironment,
  HousekeepingEnvironment,
  PortalEnvironment,
  PortalIntegrationsEnvironment,
  PortalTransactionsEnvironment,
  PortalUsersEnvironment,
  SessionEnvironment,
} from '../../lambdas/environment.ts';

/** What each function's code checks when it starts. A new function needs its row here, and an event in bundles.test.ts. */
export const FUNCTION_ENVIRONMENTS: Readonly<Record<string, z.ZodObject>> = {
  session: SessionEnvironment,
  enroll: FaceCheckEnvironment,
  verify: FaceCheckEnvironment,
  accounts: PortalEnvironment,
  integrations: PortalIntegrationsEnvironment,
  users: PortalUsersEnvironment,
  transactions: PortalTransactionsEnvironment,
  housekeeping: HousekeepingEnvironment,
};

export const variablesOf = (name: string): readonly string[] =>
  Object.keys(FUNCTION_ENVIRONMENTS[name]?.shape ?? {}).sort();
