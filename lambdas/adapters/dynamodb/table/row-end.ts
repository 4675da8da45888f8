import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';

/**
 * True for a row whose end is over. DynamoDB deletes it within a few days (developer guide, "Using time to live"), and until then no
 * reader may show it. Rows of releases that wrote no end have none.
 */
export const hasEnded = ({ removeAt }: Readonly<Record<string, unknown>>, now: EpochSeconds): boolean =>
  typeof removeAt === 'number' && removeAt <= now;
