import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEntry } from '../../../../contract/api/portal/operator.ts';
import type { AuditLog } from '../../../core/accounts/audit.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { auditRow } from './audit-item.ts';

/** Audit events, in a table in which no function may change or delete rows. */
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
          Item: auditRow(accountId, entry),
          ConditionExpression: 'attribute_not_exists(entryKey)',
        }),
      )
      .catch(unavailable('DynamoDB PutItem'));
  }
}
