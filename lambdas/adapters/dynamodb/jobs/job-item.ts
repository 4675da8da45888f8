import * as z from 'zod';
import { EventName, EventType, TEST_EVENT } from '../../../../contract/api/portal/webhook-events.ts';
import type { Job, QueuedJob } from '../../../core/model/job.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { orNull, Seconds } from '../table/item-members.ts';
import { jobAsRead, jobAsStored } from './stored-job-names.ts';

const jobItem = defineItem<QueuedJob>(
  () => {
    const Work: z.ZodType<Job> = z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('face-object'),
        integrationId: z.string(),
        externalId: z.string(),
        objectKey: z.string(),
      }),
      z.object({
        kind: z.literal('enrollment-notice'),
        integrationId: z.string(),
        jti: z.string(),
        supportId: z.string(),
        sealedPii: z.string(),
        keyGeneration: z.number(),
        enrolledAt: Seconds,
      }),
      z.object({
        kind: z.literal('event'),
        eventId: z.string(),
        type: EventType,
        accountId: z.string().nullable(),
        integrationId: z.string().nullable(),
        externalId: z.string().nullable(),
        at: Seconds,
        detail: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
      z.object({
        kind: z.literal('webhook-delivery'),
        accountId: z.string(),
        webhookId: z.string(),
        eventId: z.string(),
        type: z.union([EventName, z.literal(TEST_EVENT)]),
        at: Seconds,
        body: z.string(),
      }),
      z.object({ kind: z.literal('session-end'), integrationId: z.string(), jti: z.string() }),
      z.object({
        kind: z.literal('liveness-start'),
        integrationId: z.string(),
        externalId: z.string(),
        livenessId: z.string(),
        startsSince: Seconds,
        startedAt: orNull(Seconds),
      }),
      z.object({ kind: z.literal('people-of-integration'), integrationId: z.string(), deletedAt: Seconds }),
    ]);
    return objectOf<QueuedJob>()({
      dueDay: z.string(),
      workId: z.string(),
      dueAt: Seconds,
      failures: z.number(),
      work: Work,
    });
  },
  { work: jobAsStored },
);

/** Null for a row of a form that this release does not know: another release may have written it. */
export const readJob = (row: unknown): QueuedJob | null => {
  try {
    return jobItem.read(jobAsRead(row));
  } catch {
    return null;
  }
};

/** The row of a job. @param dueKey sorts by time */
export const jobRow = (job: QueuedJob, dueKey: string) => ({ ...jobItem.write(job), dueKey });
