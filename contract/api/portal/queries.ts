import * as z from 'zod';
import { OUTCOMES } from '../../protocol/outcomes.ts';
import { EXTERNAL_ID_MAX_LENGTH, ExternalId } from '../external-id.ts';
import { paging, TimeParameter } from '../query.ts';
import { line } from '../text.ts';
import { StatisticsPer, TransactionView } from './transactions.ts';
import { UserState } from './users.ts';

// What the lists of the portal can be asked for, apart from what they answer: pages need the answers alone.

const Span = { from: TimeParameter.optional(), to: TimeParameter.optional() };
/** For whoever reads everything, an export. */
const EXPORT_ROWS = 1000;
const PAGE_ROWS = 100;

/** GET /api/portal/integrations/{integrationId}/users */
export const UserListQuery = paging(PAGE_ROWS).extend({
  prefix: line(EXTERNAL_ID_MAX_LENGTH).optional(),
  state: UserState.optional(),
});

/** GET /api/portal/integrations/{integrationId}/consents */
export const ConsentListQuery = paging(PAGE_ROWS);

/** GET /api/portal/integrations/{integrationId}/transactions */
export const TransactionListQuery = paging(EXPORT_ROWS).extend({
  ...Span,
  outcome: z.enum(OUTCOMES).optional(),
  mode: TransactionView.shape.mode.optional(),
  app: line(256).optional(),
  externalId: ExternalId.optional(),
  supportId: line(9).toUpperCase().optional(),
});

/** GET /api/portal/integrations/{integrationId}/statistics */
export const StatisticsQuery = z.strictObject({ ...Span, per: StatisticsPer.default('day') });

/** GET /api/portal/audit */
export const AuditQuery = paging(EXPORT_ROWS).extend({
  ...Span,
  act: line(64).optional(),
  email: line(256).optional(),
  integrationId: line(64).optional(),
  externalId: ExternalId.optional(),
});
