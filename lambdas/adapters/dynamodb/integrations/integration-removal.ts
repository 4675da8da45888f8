import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { IntegrationRemoval } from '../../../core/integrations/portal-integrations.ts';
import type { Integration } from '../../../core/model/integration.ts';
import { jobPut } from '../jobs/job-store.ts';
import { transact } from '../table/transact.ts';
import { listingKey } from './portal-integration-store.ts';

/** Removes an integration, and adds the job that removes its users. */
export class IntegrationRemovalStore implements IntegrationRemoval {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly integrations: string; readonly items: string; readonly jobs: string };

  constructor(
    client: DynamoDBDocumentClient,
    tables: { readonly integrations: string; readonly items: string; readonly jobs: string },
  ) {
    this.#client = client;
    this.#tables = tables;
  }

  async remove(integration: Pick<Integration, 'integrationId' | 'accountId'>, now: EpochSeconds): Promise<boolean> {
    const { integrationId } = integration;
    const { integrations, items, jobs } = this.#tables;
    const isThere = { ConditionExpression: 'attribute_exists(integrationId)' };
    const refusal = await transact(this.#client, {
      integration: { Delete: { TableName: integrations, Key: { integrationId }, ...isThere } },
      listing: { Delete: { TableName: items, Key: listingKey(integration) } },
      users: jobPut(jobs, { kind: 'people-of-integration', integrationId, deletedAt: now }, now),
    });
    return refusal === null;
  }
}
