import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TransactionView } from '../../../contract/api/portal/transactions.ts';
import type { TransactionFilter, Transactions } from '../../core/portal/transactions.ts';
import { unavailable } from '../../core/problem.ts';

const Item = z.object({ endedKey: z.string(), app: z.string().nullable().default(null) }).loose();

/** Rows that one request reads at most, whatever the filter leaves of them. */
const ROWS_A_READ = 200;
const MAX_READS = 5;
/** Sorts behind every id. */
const LAST = '#~';

/** The filter as DynamoDB takes it; values that are null are not asked for. */
const filterOf = ({ outcome, externalId, supportId }: TransactionFilter) => {
  const wanted = Object.entries({ outcome, externalId, supportId }).filter(([, value]) => value !== null);
  return {
    expression: wanted.map(([name]) => `${name} = :${name}`).join(' AND '),
    values: Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, value])),
  };
};

const viewOf = (row: unknown): TransactionView => {
  const { endedKey, ...item } = Item.parse(row);
  return TransactionView.strip().parse({ ...item, transactionId: endedKey });
};

/** Records of ended logins, newest first. */
export class TransactionStore implements Transactions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async page(
    integrationId: string,
    query: { readonly filter: TransactionFilter; readonly after: string | null; readonly limit: number },
  ): ReturnType<Transactions['page']> {
    const found: TransactionView[] = [];
    let { after } = query;
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      const answer = await this.#query(integrationId, query.filter, after);
      for (const row of answer.Items ?? []) {
        const transaction = viewOf(row);
        found.push(transaction);
        if (found.length === query.limit) return { transactions: found, after: transaction.transactionId };
      }
      const last = answer.LastEvaluatedKey?.['endedKey'];
      after = typeof last === 'string' ? last : null;
      if (after === null) break;
    }
    return { transactions: found, after };
  }

  #query(integrationId: string, filter: TransactionFilter, after: string | null): Promise<QueryCommandOutput> {
    const { expression, values } = filterOf(filter);
    return this.#client
      .send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'integrationId = :integration AND endedKey BETWEEN :from AND :to',
          ...(expression === '' ? {} : { FilterExpression: expression }),
          ExpressionAttributeValues: {
            ':integration': integrationId,
            ':from': `${filter.from}#`,
            ':to': `${filter.to}${LAST}`,
            ...values,
          },
          ScanIndexForward: false,
          Limit: ROWS_A_READ,
          ...(after === null ? {} : { ExclusiveStartKey: { integrationId, endedKey: after } }),
        }),
      )
      .catch(unavailable('DynamoDB Query'));
  }
}
