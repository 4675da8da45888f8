import { RECORD_RETENTION } from '../../../contract/api/portal/record-retention.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

/**
 * From which second on the record of a login that ended at `finishedAt` is gone. Stores write the end with the record, for DynamoDB to
 * delete it, and show no record after it: DynamoDB may be days late.
 */
export const loginRecordEnd = (finishedAt: EpochSeconds): EpochSeconds =>
  addSeconds(finishedAt, RECORD_RETENTION.recordDays * DAY_SECONDS);

/** The same for the figures of an hour, which last as long as the last record that they count. */
export const figuresEnd = (hour: EpochSeconds): EpochSeconds => loginRecordEnd(addSeconds(hour, HOUR_SECONDS));

/** The same for an audit event. */
export const auditEventEnd = (at: EpochSeconds): EpochSeconds =>
  addSeconds(at, RECORD_RETENTION.auditDays * DAY_SECONDS);
