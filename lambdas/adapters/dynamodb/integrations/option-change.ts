import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ChangeOptions } from '../../../core/integrations/manage-integration.ts';
import { editsAsSeen } from '../table/item-members.ts';
import { type NamedItems, type TransactItem, transact } from '../table/transact.ts';
import { consentPuts, isConsentName } from './consent-items.ts';
import { integrationMembers } from './integration-item.ts';

type Tables = { readonly integrations: string; readonly items: string };

/** Writes options of an existing integration, if its edits are still those that were read. */
const optionsUpdate = (
  table: string,
  { integrationId, edits: seen }: Parameters<ChangeOptions>[0],
  { options, edits }: Parameters<ChangeOptions>[1],
): TransactItem => {
  const members = Object.entries(integrationMembers({ ...options, edits }));
  const asSeen = editsAsSeen(seen);
  return {
    Update: {
      TableName: table,
      Key: { integrationId },
      UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')}`,
      ConditionExpression: `attribute_exists(integrationId) AND ${asSeen.condition}`,
      ExpressionAttributeNames: Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
        ...asSeen.values,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/**
 * Writes options and new consent versions.
 * @param also what has to be written together with them
 */
export const changeOptionsIn =
  (client: DynamoDBDocumentClient, tables: Tables, also: NamedItems = {}): ChangeOptions =>
  async (integration, change) => {
    const consents = change.consents.map((consent) => consentPuts(tables.items, integration, consent));
    const update = optionsUpdate(tables.integrations, integration, change);
    const items: NamedItems = Object.assign({ integration: update }, ...consents, also);
    const refusal = await transact(client, items);
    if (refusal === null) return 'changed';
    if (refusal.item === 'integration') return refusal.row === null ? 'unknown' : 'changed-meanwhile';
    return isConsentName(refusal.item) ? 'version-used' : 'changed-meanwhile';
  };
