import {
  ACCOUNTS_VARIABLES,
  AUTOMATION_VARIABLES,
  BACKEND_VARIABLES,
  FACE_CHECK_VARIABLES,
  HOUSEKEEPING_VARIABLES,
  INTEGRATIONS_VARIABLES,
  SESSION_VARIABLES,
  TRANSACTIONS_VARIABLES,
  USERS_VARIABLES,
  type Variable,
} from '../../lambdas/composition/environment.ts';

/** The environment that each function's code checks when it starts. A new function needs its row here, and an event in bundles.test.ts. */
export const FUNCTION_ENVIRONMENTS: Readonly<Record<string, readonly Variable[]>> = {
  session: SESSION_VARIABLES,
  enroll: FACE_CHECK_VARIABLES,
  verify: FACE_CHECK_VARIABLES,
  accounts: ACCOUNTS_VARIABLES,
  integrations: INTEGRATIONS_VARIABLES,
  users: USERS_VARIABLES,
  transactions: TRANSACTIONS_VARIABLES,
  automation: AUTOMATION_VARIABLES,
  backend: BACKEND_VARIABLES,
  housekeeping: HOUSEKEEPING_VARIABLES,
};

export const variablesOf = (name: string): readonly string[] => [...(FUNCTION_ENVIRONMENTS[name] ?? [])].sort();
