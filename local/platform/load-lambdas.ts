import type { LambdaName } from '../../contract/api/routes.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import { localDestinations } from '../webhooks/local-destinations.ts';

/** Loads the Lambdas exactly as AWS does: by their entry files, configured by environment alone. */
export const loadLambdas = async (): Promise<Record<LambdaName, HttpHandler>> => {
  const [session, enroll, verify, accounts, integrations, users, transactions, automation, backend] = await Promise.all(
    [
      import('../../lambdas/session/index.ts'),
      import('../../lambdas/enroll/index.ts'),
      import('../../lambdas/verify/index.ts'),
      import('../../lambdas/accounts/index.ts'),
      import('../../lambdas/integrations/index.ts'),
      import('../../lambdas/users/index.ts'),
      import('../../lambdas/transactions/index.ts'),
      import('../../lambdas/automation-composition.ts'),
      import('../../lambdas/backend/index.ts'),
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
