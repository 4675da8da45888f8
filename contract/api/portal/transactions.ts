import * as z from 'zod';
import { OUTCOMES } from '../../protocol/outcomes.ts';
import { ExternalId } from '../external-id.ts';
import { EXPORT_ROWS, paging, SPAN } from '../query.ts';
import { line } from '../text.ts';

const Seconds = z.int().describe('epoch seconds');
const Outcome = z.enum(OUTCOMES);
/** Lower end of the band that a score fell into, percent: bands, no scores. */
const Band = z.number().nullable();

export const TransactionView = z.strictObject({
  transactionId: z.string(),
  finishedAt: Seconds,
  openedAt: Seconds,
  externalId: z.string(),
  outcome: Outcome,
  task: z.enum(['enroll', 'verify']),
  mode: z.enum(['always', 'on-demand']),
  app: z.string().nullable(),
  domain: z.string(),
  supportId: z.string(),
  attempts: z.int(),
  otherNetwork: z.boolean(),
  /** Version of the consent given in this login; null if none was requested or given. */
  consentVersion: z.string().nullable(),
  /** Each attempt that was judged, in order. */
  verdicts: z.array(
    z.strictObject({ attempt: z.int(), outcome: Outcome, at: Seconds, livenessBand: Band, similarityBand: Band }),
  ),
});
export type TransactionView = z.infer<typeof TransactionView>;

/** GET /api/portal/integrations/{integrationId}/transactions, newest first. */
export const TransactionPage = z.strictObject({
  transactions: z.array(TransactionView),
  /** For the next page; null at the end. A page may be short, or empty, and still have a cursor. */
  cursor: z.string().nullable(),
});
export type TransactionPage = z.infer<typeof TransactionPage>;

export const StatisticsPer = z.enum(['hour', 'day']);

const Figures = {
  /** Logins that ended, with any outcome. */
  logins: z.int(),
  /** Face checks that were started. */
  tries: z.int(),
  /** From opening to success; null if there was none. Exact to two seconds up to a minute, coarser above. */
  medianSeconds: z.number().nullable(),
  /** Absent: none. */
  outcomes: z.partialRecord(Outcome, z.int()),
};

/** GET /api/portal/integrations/{integrationId}/statistics?from&to&per */
export const StatisticsView = z.strictObject({
  per: StatisticsPer,
  /** Every hour or UTC day of the requested time, oldest first. */
  buckets: z.array(z.strictObject({ start: Seconds, ...Figures })),
  total: z.strictObject(Figures),
});
export type StatisticsView = z.infer<typeof StatisticsView>;

/** GET /api/portal/integrations/{integrationId}/transactions */
export const TransactionListQuery = paging(EXPORT_ROWS).extend({
  ...SPAN,
  outcome: Outcome.optional(),
  mode: TransactionView.shape.mode.optional(),
  app: line(256).optional(),
  externalId: ExternalId.optional(),
  supportId: line(9).toUpperCase().optional(),
});

/** GET /api/portal/integrations/{integrationId}/statistics */
export const StatisticsQuery = z.strictObject({ ...SPAN, per: StatisticsPer.default('day') });
