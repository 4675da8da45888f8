import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ConsentVersion } from '../../../core/model/consent-version.ts';
import type { Integration } from '../../../core/model/integration.ts';
import type { Slice } from '../../../core/model/page.ts';
import { readAccountItem } from '../accounts/account-items.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { orNull, Seconds } from '../table/item-members.ts';
import { queryPage } from '../table/query-page.ts';
import type { NamedItems, TransactItem } from '../table/transact.ts';

const consentItem = defineItem<ConsentVersion>(() =>
  objectOf<ConsentVersion>()({
    number: z.number(),
    version: z.string(),
    text: z.string(),
    textSha256: z.string(),
    since: orNull(Seconds),
    by: orNull(z.string()),
  }),
);

type Owner = Pick<Integration, 'integrationId' | 'accountId'>;

const prefixOf = ({ integrationId }: Owner): string => `consent#${integrationId}#`;
/** Six digits: the keys sort by number. */
const numberKey = (owner: Owner, number: number) => ({
  accountId: owner.accountId,
  itemKey: `${prefixOf(owner)}${String(number).padStart(6, '0')}`,
});
/** Leads from a name to its number, and prevents a name from being used twice. */
const nameKey = ({ accountId, integrationId }: Owner, version: string) => ({
  accountId,
  itemKey: `consent-name#${integrationId}#${version}`,
});

/** Of the two rows, the one that reserves the name. */
const NAME = 'consent name ';

/** True for the row that reserves a version's name, by the row's name in the transaction. */
export const isConsentName = (item: string): boolean => item.startsWith(NAME);

/** The two rows of a consent version. Both are written once. */
export const consentPuts = (table: string, owner: Owner, consent: ConsentVersion): NamedItems => {
  const put = (Item: Record<string, unknown>): TransactItem => ({
    Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(itemKey)' },
  });
  const { number, version } = consent;
  return {
    [`consent number ${number}`]: put({ ...numberKey(owner, number), ...consentItem.write(consent) }),
    [`${NAME}${number}`]: put({ ...nameKey(owner, version), number }),
  };
};

/** The consent versions of one integration, newest first; a place is the number's key. */
export const sliceOfConsents = async (
  client: DynamoDBDocumentClient,
  table: string,
  owner: Owner,
  { after, want }: { readonly after: string | null; readonly want: number },
): Promise<Slice<ConsentVersion>> => {
  const prefix = prefixOf(owner);
  const { Items = [], LastEvaluatedKey } = await queryPage(client, {
    TableName: table,
    KeyConditionExpression: 'accountId = :account AND begins_with(itemKey, :prefix)',
    ExpressionAttributeValues: { ':account': owner.accountId, ':prefix': prefix },
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: want,
    ...(after === null ? {} : { ExclusiveStartKey: { accountId: owner.accountId, itemKey: `${prefix}${after}` } }),
  });
  const placeOf = (itemKey: unknown): string => String(itemKey).slice(prefix.length);
  const last: unknown = LastEvaluatedKey?.['itemKey'];
  return {
    rows: Items.map((row) => ({ row: consentItem.read(row), place: placeOf(row['itemKey']) })),
    after: typeof last === 'string' ? placeOf(last) : null,
  };
};

/** The version with this name, or null. */
export const readConsent = async (
  client: DynamoDBDocumentClient,
  table: string,
  owner: Owner,
  version: string,
): Promise<ConsentVersion | null> => {
  const name = await readAccountItem(client, table, nameKey(owner, version));
  const row =
    name === undefined ? undefined : await readAccountItem(client, table, numberKey(owner, Number(name['number'])));
  return row === undefined ? null : consentItem.read(row);
};
