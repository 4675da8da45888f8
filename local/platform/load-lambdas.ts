import type { LambdaName } from '../../contract/api/routes.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import { localDestinations } from '../webhooks/local-destinations.ts';

/** Loads the Lambdas exactly as AWS does: by their entry files, configured by environment alone. */
export const loadLambdas = async (): Promise<Record<LambdaName, HttpHandler>> => {
  const [session, enroll, verify, accounts, integrations, users, transactions, automation, backend] = await Promise.all(
    [
      import('../../lambdas/functions/session/index.ts'),
      import('../../lambdas/functions/enroll/index.ts'),
      import('../../lambdas/functions/verify/index.ts'),
      import('../../lambdas/functions/accounts/index.ts'),
      import('../../lambdas/functions/integrations/index.ts'),
      import('../../lambdas/functions/users/index.ts'),
      import('../../lambdas/functions/transactions/index.ts'),
      import('../../lambdas/composition/automation.ts'),
      import('../../lambdas/functions/backend/index.ts'),
    ],
  );
  return {
    session: session.handler,
    enroll: enroll.handler,
    verify: verify.handler,
    accounts: accounts.handler,
    integrations: integrations.handler,
    users: users.handler,
    transactions: transactions.handler,
    automation: automation.automationHandler(localDestinations),
    backend: backend.handler,
  };
};
