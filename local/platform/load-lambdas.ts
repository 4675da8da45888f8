import type { LambdaName } from '../../contract/api/routes.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import type { ServedRoute } from '../edge/gateway-event.ts';
import { SERVED_ROUTES } from '../edge/served-routes.ts';
import { localDestinations } from '../webhooks/local-destinations.ts';

/** The functions as deployed, and the routes that lead to them. */
export interface Functions {
  readonly routes: readonly ServedRoute[];
  readonly handlers: Readonly<Record<LambdaName, HttpHandler>>;
  /** What the schedule runs. */
  readonly housekeeping: () => Promise<unknown>;
}

/** Loads the Lambdas exactly as AWS does: by their entry files, configured by environment only. */
export const loadLambdas = async (): Promise<Functions> => {
  const [session, enroll, verify, accounts, integrations, users, transactions, automation, backend, housekeeping] =
    await Promise.all([
      import('../../lambdas/functions/session/index.ts'),
      import('../../lambdas/functions/enroll/index.ts'),
      import('../../lambdas/functions/verify/index.ts'),
      import('../../lambdas/functions/accounts/index.ts'),
      import('../../lambdas/functions/integrations/index.ts'),
      import('../../lambdas/functions/users/index.ts'),
      import('../../lambdas/functions/transactions/index.ts'),
      import('../../lambdas/composition/automation.ts'),
      import('../../lambdas/functions/backend/index.ts'),
      import('../../lambdas/composition/housekeeping.ts'),
    ]);
  return {
    routes: SERVED_ROUTES,
    handlers: {
      session: session.handler,
      enroll: enroll.handler,
      verify: verify.handler,
      accounts: accounts.handler,
      integrations: integrations.handler,
      users: users.handler,
      transactions: transactions.handler,
      automation: automation.automationHandler(localDestinations),
      backend: backend.handler,
    },
    housekeeping: housekeeping.housekeepingHandler(localDestinations),
  };
};
