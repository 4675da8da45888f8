import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AuditEntry } from '../../../contract/api/portal/operator.ts';
import type { AuditFilter, AuditReader } from '../../core/portal/audit.ts';
import { boundedPage, type Page } from '../../core/portal/bounded-page.ts';
import { equalTo } from './filter-expression.ts';
import { queryPage } from './query-page.ts';

const orNull = AuditEntry.shape.email.default(null);
const AuditItem = AuditEntry.strip().extend({
  email: orNull,
  integrationId: orNull,
  externalId: orNull,
  detail: orNull,
});

/** Rows looked at in one read where a filter leaves only some of them. */
const FILTERED_READ = 1000;
/** Sorts behind every id of the same second. */
const LAST = '#~';

/** Reads what `AuditStore` wrote. */
export class AuditPages implements AuditReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  page(
    accountId: string,
    query: { readonly filter: AuditFilter; readonly after: string | null; readonly limit: number },
  ): Promise<Page<AuditEntry>> {
    const { from, to, ...wanted } = query.filter;
    const filter = equalTo(wanted);
    return boundedPage(
      query,
      async (after, want) => {
        const { Items = [], LastEvaluatedKey } = await queryPage(this.#client, {
          TableName: this.#table,
          KeyConditionExpression: 'accountId = :account AND entryKey BETWEEN :from AND :to',
          ...filter.expression,
          ExpressionAttributeValues: {
            ':account': accountId,
            ':from': `${from}#`,
            ':to': `${to}${LAST}`,
            ...filter.values,
          },
          ScanIndexForward: false,
          Limit: filter.isEmpty ? want : FILTERED_READ,
          ...(after === null ? {} : { ExclusiveStartKey: { accountId, entryKey: after } }),
        });
        const last: unknown = LastEvaluatedKey?.['entryKey'];
        return {
          rows: Items.map((row) => ({ row, place: String(row['entryKey']) })),
          after: typeof last === 'string' ? last : null,
        };
      },
      (row) => AuditItem.parse(row),
    );
  }
}
