import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ChangeOptions } from '../../core/manage-integration.ts';
import { consentPuts } from './consent-items.ts';
import { type TransactItems, transact } from './transact.ts';

type Tables = { readonly integrations: string; readonly items: string };

/** Writes options over those of an integration that is there; a consent only over the one that was read. */
const optionsUpdate = (
  table: string,
  { integrationId, consent }: Parameters<ChangeOptions>[0],
  options: Parameters<ChangeOptions>[1],
): TransactItems[number] => {
  const members = Object.entries(options);
  const changesConsent = options.consent !== undefined;
  return {
    Update: {
      TableName: table,
      Key: { integrationId },
      UpdateExpression: `SET ${members.map((_, index) => `#m${index} = :m${index}`).join(', ')}`,
      ConditionExpression: `attribute_exists(integrationId)${changesConsent ? ' AND consent.version = :seenVersion' : ''}`,
      ExpressionAttributeNames: Object.fromEntries(members.map(([name], index) => [`#m${index}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(members.map(([, value], index) => [`:m${index}`, value])),
        ...(changesConsent ? { ':seenVersion': consent.version } : {}),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/**
 * Writes options and new wordings of the consent.
 * @param also what has to happen with them, or not at all
 */
export const changeOptionsIn =
  (client: DynamoDBDocumentClient, tables: Tables, also: TransactItems = []): ChangeOptions =>
  async (integration, options, consents) => {
    const puts = consents.flatMap((consent) => consentPuts(tables.items, integration, consent));
    const update = optionsUpdate(tables.integrations, integration, options);
    const refusal = await transact(client, [update, ...puts.map(({ item }) => item), ...also]);
    if (refusal === null) return 'changed';
    if (refusal.index === 0) return refusal.row === null ? 'unknown' : 'changed-meanwhile';
    return puts[refusal.index - 1]?.kind === 'name' ? 'version-used' : 'changed-meanwhile';
  };
