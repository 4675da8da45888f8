import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { IntegrationOptions } from '../../core/integration.ts';
import type { SwitchOff } from '../../core/portal/integrations.ts';
import type { EventWork } from '../../core/webhooks/webhook.ts';
import { dueWorkPut } from './due-work-store.ts';
import { optionsUpdate } from './integration-store.ts';
import { transact } from './transact.ts';

/** Switches integrations off together with the event that tells of it. */
export const switchOffIn =
  (client: DynamoDBDocumentClient, tables: { readonly integrations: string; readonly dueWork: string }): SwitchOff =>
  async (integrationId: string, options: Partial<IntegrationOptions>, event: EventWork): Promise<boolean> => {
    const refusal = await transact(client, [
      { Update: optionsUpdate(tables.integrations, integrationId, options) },
      dueWorkPut(tables.dueWork, event, event.at),
    ]);
    return refusal === null;
  };
