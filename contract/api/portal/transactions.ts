import * as z from 'zod';
import { OUTCOMES } from '../../protocol/outcomes.ts';

const Seconds = z.int().describe('epoch seconds');

export const TransactionView = z.strictObject({
  transactionId: z.string(),
  finishedAt: Seconds,
  openedAt: Seconds,
  externalId: z.string(),
  outcome: z.enum(OUTCOMES),
  task: z.enum(['enroll', 'verify']),
  mode: z.enum(['always', 'on-demand']),
  app: z.string().nullable(),
  domain: z.string(),
  supportId: z.string(),
  attempts: z.int(),
  otherNetwork: z.boolean(),
});
export type TransactionView = z.infer<typeof TransactionView>;

/** GET /api/portal/integrations/{integrationId}/transactions?from&to&outcome&externalId&supportId&cursor, newest first. */
export const TransactionPage = z.strictObject({
  transactions: z.array(TransactionView),
  /** For the next page; null at the end. A page may be short, or empty, and still have a cursor. */
  cursor: z.string().nullable(),
});
export type TransactionPage = z.infer<typeof TransactionPage>;
