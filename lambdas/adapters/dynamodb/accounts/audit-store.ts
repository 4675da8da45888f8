import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEntry } from '../../../../contract/api/portal/operator.ts';
import type { AuditLog } from '../../../core/accounts/audit.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { toItem } from '../table/to-item.ts';

const OUTCOME = '#outcome';

/** How an act ended stands in a row of its own right behind the one that says it was attempted. */
const entryKey = ({ at, entryId, outcome }: AuditEntry): string =>
  `${at}#${entryId}${outcome === 'attempted' ? '' : OUTCOME}`;

/** The act that a row belongs to, as a place in the log. */
export const placeOfAct = (key: string): string => (key.endsWith(OUTCOME) ? key.slice(0, -OUTCOME.length) : key);

/** Acts of operators, in a table that no function may change or delete in. */
export class AuditStore implements AuditLog {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async append(accountId: string, entry: AuditEntry): Promise<void> {
    await this.#client
      .send(
        new PutCommand({
          TableName: this.#table,
          Item: { accountId, entryKey: entryKey(entry), ...toItem(entry) },
          ConditionExpression: 'attribute_not_exists(entryKey)',
        }),
      )
      .catch(unavailable('DynamoDB PutItem'));
  }
}
