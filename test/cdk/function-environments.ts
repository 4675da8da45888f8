import type * as z from 'zod';
import {
  AutomationEnvironment,
  BackendEnvironment,
  FaceCheckEnvironment,
  HousekeepingEnvironment,
  PortalAccountsEnvironment,
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
  accounts: PortalAccountsEnvironment,
  integrations: PortalIntegrationsEnvironment,
  users: PortalUsersEnvironment,
  transactions: PortalTransactionsEnvironment,
  automation: AutomationEnvironment,
  backend: BackendEnvironment,
  housekeeping: HousekeepingEnvironment,
};

export const variablesOf = (name: string): readonly string[] =>
  Object.keys(FUNCTION_ENVIRONMENTS[name]?.shape ?? {}).sort();
