import type { TransactionPage } from '../../../contract/api/portal/transactions.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import type { ChallengeMode } from '../../../contract/protocol/session-token.ts';
import type { Operator } from '../accounts/operator.ts';
import { ownIntegration, type PortalIntegrationPorts } from '../integrations/portal-integrations.ts';
import { type LoginRecord, viewOfRecord } from '../model/login-record.ts';
import type { Page } from '../model/page.ts';
import type { Clock } from '../model/ports.ts';

export interface TransactionFilter {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly outcome: Outcome | null;
  readonly mode: ChallengeMode | null;
  readonly app: string | null;
  readonly externalId: string | null;
  readonly supportId: string | null;
}

export interface TransactionQuery {
  readonly filter: TransactionFilter;
  readonly after: string | null;
  readonly limit: number;
  /** Records whose end is over by then are left out. */
  readonly now: EpochSeconds;
}

export interface Transactions {
  /** Newest first, from after `after`. A page may be short without being the last. */
  page(integrationId: string, query: TransactionQuery): Promise<Page<LoginRecord>>;
}

export interface PortalTransactionPorts extends Pick<PortalIntegrationPorts, 'integrations'> {
  readonly transactions: Transactions;
  readonly clock: Clock;
}

/** One page of the ended logins of an integration. @throws Problem `not-found` */
export const listTransactions =
  (ports: PortalTransactionPorts) =>
  async (operator: Operator, integrationId: string, query: Omit<TransactionQuery, 'now'>): Promise<TransactionPage> => {
    await ownIntegration(ports, operator, integrationId);
    const { items, after } = await ports.transactions.page(integrationId, { ...query, now: ports.clock() });
    return { transactions: items.map(viewOfRecord), cursor: after };
  };
