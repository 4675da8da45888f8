import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SwitchOff } from '../../../core/integrations/portal-integrations.ts';
import { jobPut } from '../jobs/job-store.ts';
import { changeOptionsIn } from './option-change.ts';

/** Switches integrations off, together with the event that reports it. */
export const switchOffIn =
  (
    client: DynamoDBDocumentClient,
    tables: { readonly integrations: string; readonly items: string; readonly jobs: string },
  ): SwitchOff =>
  (event) =>
    changeOptionsIn(client, tables, { event: jobPut(tables.jobs, event, event.at) });
