import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AuditEntry, namesOfAct } from '../../../../contract/api/portal/operator.ts';
import type { AuditQuery, AuditReader } from '../../../core/accounts/audit.ts';
import { boundedPage, type Page, type Slice } from '../../../core/model/page.ts';
import { equalTo } from '../table/filter-expression.ts';
import { queryPage } from '../table/query-page.ts';
import { hasEnded } from '../table/row-end.ts';
import { parseEntry, placeOfAct } from './audit-item.ts';

const ROWS_OF_AN_ACT = 2;
/** Rows evaluated in one read if a filter leaves only some of them. */
const FILTERED_READ = 1000;
/** Sorts after every id of the same second. */
const LAST = '#~';

type Row = Record<string, unknown>;

/** Newest first, the row that says how an event ended comes before the one that says it was attempted, which is then redundant. */
const actsIn = (rows: readonly Row[]): Slice<Row>['rows'] =>
  rows.flatMap((row, index) => {
    const key = String(row['entryKey']);
    const place = placeOfAct(key);
    const before = rows[index - 1];
    const isRedundant = before !== undefined && placeOfAct(String(before['entryKey'])) === place;
    return isRedundant ? [] : [{ row, place }];
  });

/** Reads what `AuditStore` wrote. */
export class AuditPages implements AuditReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  page(accountId: string, query: AuditQuery): Promise<Page<AuditEntry>> {
    const { from, to, ...wanted } = query.filter;
    const filter = equalTo({ ...wanted, act: wanted.act === null ? null : namesOfAct(wanted.act) });
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
          Limit: filter.isEmpty ? want * ROWS_OF_AN_ACT : FILTERED_READ,
          ...(after === null ? {} : { ExclusiveStartKey: { accountId, entryKey: after } }),
        });
        const last: unknown = LastEvaluatedKey?.['entryKey'];
        return { rows: actsIn(Items), after: typeof last === 'string' ? placeOfAct(last) : null };
      },
      (row) => (hasEnded(row, query.now) ? null : parseEntry(row)),
    );
  }
}
