import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { TransactionFilter, TransactionQuery, Transactions } from '../../../core/logins/login-records.ts';
import type { LoginRecord } from '../../../core/model/login-record.ts';
import { boundedPage, type Page, type Slice } from '../../../core/model/page.ts';
import { batchGet } from '../table/batch-get.ts';
import { equalTo } from '../table/filter-expression.ts';
import { queryPage } from '../table/query-page.ts';
import { hasEnded } from '../table/row-end.ts';
import { indexKeys, parseRecord } from './login-record.ts';

type Row = Record<string, unknown>;

/** Rows evaluated in one read if a filter leaves only some of them. */
const FILTERED_READ = 1000;
const FILTERED_INDEX_READ = 100;
/** Sorts after every id. */
const LAST = '#~';

/** The index that leaves least to filter: the records of a user or a support id are few, those of an outcome fewer than all. */
const indexFor = (integrationId: string, { externalId, supportId, outcome }: TransactionFilter) => {
  if (supportId !== null) {
    return { IndexName: 'bySupportId', key: { supportKey: indexKeys.support(integrationId, supportId) } };
  }
  if (externalId !== null) {
    return { IndexName: 'byPerson', key: { personKey: indexKeys.person(integrationId, externalId) } };
  }
  return outcome === null
    ? null
    : { IndexName: 'byOutcome', key: { outcomeKey: indexKeys.outcome(integrationId, outcome) } };
};

const matches = (record: LoginRecord, { from: _from, to: _to, ...wanted }: TransactionFilter): boolean =>
  Object.entries(wanted).every(([name, value]) => value === null || Reflect.get(record, name) === value);

const isNarrowed = ({ from: _from, to: _to, ...wanted }: TransactionFilter): boolean =>
  Object.values(wanted).filter((value) => value !== null).length > 1;

/** Records of ended logins, newest first. */
export class TransactionStore implements Transactions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  page(integrationId: string, query: TransactionQuery): Promise<Page<LoginRecord>> {
    const { filter, now } = query;
    const index = indexFor(integrationId, filter);
    return boundedPage(
      query,
      (after, want) =>
        index === null
          ? this.#fromTable(integrationId, filter, after, want)
          : this.#fromIndex(integrationId, index, filter, after, want),
      (row) => {
        if (hasEnded(row, now)) return null;
        const record = parseRecord(row);
        return matches(record, filter) ? record : null;
      },
    );
  }

  async #fromTable(integrationId: string, filter: TransactionFilter, after: string | null, want: number) {
    const { mode, app } = filter;
    const wanted = equalTo({ mode, app });
    return this.#query({ integrationId }, filter, after, {
      ...wanted.expression,
      Limit: wanted.isEmpty ? want : FILTERED_READ,
      values: wanted.values,
    });
  }

  async #fromIndex(
    integrationId: string,
    { IndexName, key }: NonNullable<ReturnType<typeof indexFor>>,
    filter: TransactionFilter,
    after: string | null,
    want: number,
  ): Promise<Slice<Row>> {
    const Limit = isNarrowed(filter) ? Math.max(want, FILTERED_INDEX_READ) : want;
    const slice = await this.#query(key, filter, after, { IndexName, Limit, values: {} }, { integrationId });
    const keys = slice.rows.map(({ place }) => ({ integrationId, endedKey: place }));
    const found = new Map((await batchGet(this.#client, this.#table, keys)).map((row) => [row['endedKey'], row]));
    return {
      rows: slice.rows.flatMap(({ place }) => {
        const row = found.get(place);
        return row === undefined ? [] : [{ row, place }];
      }),
      after: slice.after,
    };
  }

  /** One query in a partition of the table or of an index, within the filter's time. */
  async #query(
    partition: Readonly<Record<string, string>>,
    { from, to }: TransactionFilter,
    after: string | null,
    { values, ...query }: Partial<QueryCommandInput> & { readonly values: Row },
    tableKey: Row = {},
  ): Promise<Slice<Row>> {
    const [[name, value] = ['', '']] = Object.entries(partition);
    const { Items = [], LastEvaluatedKey } = await queryPage(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: `${name} = :partition AND endedKey BETWEEN :from AND :to`,
      ...query,
      ExpressionAttributeValues: { ':partition': value, ':from': `${from}#`, ':to': `${to}${LAST}`, ...values },
      ScanIndexForward: false,
      ...(after === null ? {} : { ExclusiveStartKey: { ...tableKey, ...partition, endedKey: after } }),
    });
    const last: unknown = LastEvaluatedKey?.['endedKey'];
    return {
      rows: Items.map((row) => ({ row, place: String(row['endedKey']) })),
      after: typeof last === 'string' ? last : null,
    };
  }
}
