import type { Job } from '../../../core/model/job.ts';
import { currentEventName, storedEventName } from '../table/stored-event-names.ts';

/** How rows name the job that notifies a user of an enrollment: the previous release ignores a job of an unknown kind. */
const STORED_NOTICE = 'enrolment-notice';

/** A job with the names that the previous release also reads. */
export const jobAsStored = (work: Job) => {
  switch (work.kind) {
    case 'enrollment-notice':
      return { ...work, kind: STORED_NOTICE } as const;
    case 'event':
    case 'webhook-delivery':
      return { ...work, type: storedEventName(work.type) };
    default:
      return work;
  }
};

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

const namesIn = (work: Row): Row => {
  const { kind, type, body } = work;
  if (kind === STORED_NOTICE) return { ...work, kind: 'enrollment-notice' };
  const current = currentEventName(type);
  if (kind === 'event') return { ...work, type: current };
  // A delivery is sent under the name in its body, whatever the row calls it.
  const isSentAsCurrent = typeof body === 'string' && body.startsWith(`{"type":"${current}"`);
  return isSentAsCurrent ? { ...work, type: current } : work;
};

/** A queued row with the current names, before it is checked. */
export const jobAsRead = (row: unknown): unknown =>
  isRow(row) && isRow(row['work']) ? { ...row, work: namesIn(row['work']) } : row;
