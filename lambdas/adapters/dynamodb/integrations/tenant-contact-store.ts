import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ConnectionView } from '../../../../contract/api/portal/connection.ts';
import { addSeconds, type EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { TenantContact, TenantContacts, TenantContactsOfIntegration } from '../../../core/login/tenant-contact.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { RecentWrites } from '../table/recent-writes.ts';

/** A second contact of the same kind within this time is not written. */
const QUIET_SECONDS = 10;
/** Older contacts are shown nowhere. The TTL removes the row once its newest is older than this. */
const KEPT_SECONDS = 30 * 86_400;

const contactItem = defineItem<ConnectionView>(() => {
  const { accepted, refused, unproven } = ConnectionView.shape;
  return objectOf<ConnectionView>()({
    accepted: accepted.default(null),
    refused: refused.default(null),
    unproven: unproven.default(null),
  });
});

/** `opening#{integrationId}`, in the table of sessions: keys begin with the kind, so that neither is mistaken for the other. */
const keyOf = (integrationId: string) => ({ sessionKey: `opening#${integrationId}` });

/** One row per integration. */
export class TenantContactStore implements TenantContacts, TenantContactsOfIntegration {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #recent = new RecentWrites(QUIET_SECONDS);

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async note(integrationId: string, contact: TenantContact): Promise<void> {
    const { kind, at, ...rest } = contact;
    const seen = `${kind}#${'reason' in rest ? rest.reason : ''}#${integrationId}`;
    if (!this.#recent.isDue(seen, at)) return;
    await this.#client
      .send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(integrationId),
          UpdateExpression: 'SET #kind = :opening, removeAt = :removeAt',
          ConditionExpression: 'attribute_not_exists(#kind) OR #kind.#at <= :quietSince OR #kind.reason <> :reason',
          ExpressionAttributeNames: { '#kind': kind, '#at': 'at' },
          ExpressionAttributeValues: {
            ':opening': { at, ...rest },
            ':removeAt': addSeconds(at, KEPT_SECONDS),
            ':quietSince': addSeconds(at, -QUIET_SECONDS),
            ':reason': 'reason' in rest ? rest.reason : '',
          },
        }),
      )
      // Another process was faster, or the table was not available: the login continues all the same.
      .catch(() => undefined);
  }

  async read(integrationId: string, now: EpochSeconds): Promise<ConnectionView> {
    const { Item: row = {} } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: keyOf(integrationId), ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    const { accepted, refused, unproven } = contactItem.read(row);
    const recent = <Contact extends { readonly at: number }>(contact: Contact | null): Contact | null =>
      contact !== null && now - contact.at < KEPT_SECONDS ? contact : null;
    return { accepted: recent(accepted), refused: recent(refused), unproven: recent(unproven) };
  }
}
