import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Role } from '../../../../contract/api/portal/permissions.ts';
import type { EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { Departure } from '../../../core/accounts/found-account.ts';
import type { MemberChange, MemberStore, StoredInvitation } from '../../../core/accounts/members.ts';
import type { Operator } from '../../../core/accounts/operator.ts';
import type { FieldEdit } from '../../../core/model/edits.ts';
import { Problem, unavailable } from '../../../core/model/problem.ts';
import { type NamedItems, numbered, transact } from '../table/transact.ts';
import { listAccountItems, readAccountItem } from './account-items.ts';
import { invitationRow, parseInvitation } from './invitation-item.ts';
import { departureRow, membershipKey, membershipRows, OWNERS, operatorKey, parseOperator } from './operator-items.ts';

/** Row that counts the invitations of one UTC day. */
const INVITATIONS_SENT = 'invitations-sent';
const INVITATION_PREFIX = 'invitation#';
const invitationKey = (accountId: string, invitationId: string) => ({
  accountId,
  itemKey: `${INVITATION_PREFIX}${invitationId}`,
});

/** Members of accounts and their invitations. An account's number of owners is in a row of its own, which no change brings to 0. */
export class AccountMemberStore implements MemberStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tables: { readonly items: string }) {
    this.#client = client;
    this.#table = tables.items;
  }

  async listMembers(accountId: string): Promise<readonly Operator[]> {
    const rows = await listAccountItems(this.#client, this.#table, accountId, 'operator#');
    return rows.map(parseOperator);
  }

  async changeRole(operator: Operator, role: Role, edit: FieldEdit): Promise<MemberChange> {
    const owners = Number(role === 'owner') - Number(operator.role === 'owner');
    const change = (Key: Record<string, string>) => ({
      Update: {
        TableName: this.#table,
        Key,
        UpdateExpression: 'SET #operator.#role = :next, #operator.roleEdit = :edit',
        ConditionExpression: '#operator.#role = :before AND #operator.accountId = :account',
        ExpressionAttributeNames: { '#operator': 'operator', '#role': 'role' },
        ExpressionAttributeValues: {
          ':next': role,
          ':before': operator.role,
          ':account': operator.accountId,
          ':edit': edit,
        },
      },
    });
    return this.#change(operator.accountId, owners, {
      membership: change(membershipKey(operator.operatorId)),
      operator: change(operatorKey(operator)),
    });
  }

  async removeMember(operator: Operator, departure: Departure): Promise<MemberChange> {
    const removal = (Key: Record<string, string>) => ({
      Delete: {
        TableName: this.#table,
        Key,
        ConditionExpression: '#operator.#role = :before AND #operator.accountId = :account',
        ExpressionAttributeNames: { '#operator': 'operator', '#role': 'role' },
        ExpressionAttributeValues: { ':before': operator.role, ':account': operator.accountId },
      },
    });
    const left = { Put: { TableName: this.#table, Item: departureRow(operator.operatorId, departure) } };
    return this.#change(operator.accountId, operator.role === 'owner' ? -1 : 0, {
      membership: removal(membershipKey(operator.operatorId)),
      operator: removal(operatorKey(operator)),
      departure: left,
    });
  }

  async listInvitations(accountId: string): Promise<readonly StoredInvitation[]> {
    const rows = await listAccountItems(this.#client, this.#table, accountId, INVITATION_PREFIX);
    return rows.map(parseInvitation);
  }

  async countInvitation(accountId: string, day: number, limit: number): Promise<boolean> {
    // A day's first invitation begins its count; every later one adds to it if the limit allows one more.
    return (
      (await this.#count(accountId, 'SET #day = :day, sent = :one', 'attribute_not_exists(#day) OR #day < :day', {
        ':day': day,
        ':one': 1,
      })) ||
      (await this.#count(accountId, 'SET sent = sent + :one', '#day >= :day AND sent < :limit', {
        ':day': day,
        ':one': 1,
        ':limit': limit,
      }))
    );
  }

  async uncountInvitation(accountId: string, day: number): Promise<void> {
    const values = { ':day': day, ':one': 1, ':none': 0 };
    await this.#count(accountId, 'SET sent = sent - :one', '#day = :day AND sent > :none', values);
  }

  async putInvitation(invitation: StoredInvitation, earlier: readonly string[]): Promise<void> {
    const { accountId, invitationId } = invitation;
    const TableName = this.#table;
    const Item = { ...invitationKey(accountId, invitationId), ...invitationRow(invitation) };
    const refusal = await transact(this.#client, {
      invitation: { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(itemKey)' } },
      ...numbered(
        'earlier',
        earlier.map((id) => ({ Delete: { TableName, Key: invitationKey(accountId, id) } })),
      ),
    });
    if (refusal !== null) throw new Problem('unavailable', 'the id of a new invitation was taken');
  }

  async readInvitation(accountId: string, invitationId: string): Promise<StoredInvitation | null> {
    const item = await readAccountItem(this.#client, this.#table, invitationKey(accountId, invitationId));
    return item === undefined ? null : parseInvitation(item);
  }

  async removeInvitation(accountId: string, invitationId: string): Promise<boolean> {
    const Key = invitationKey(accountId, invitationId);
    const ConditionExpression = 'attribute_exists(itemKey)';
    try {
      await this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ConditionExpression }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB DeleteItem')(error);
    }
  }

  async accept(invitation: StoredInvitation, operator: Operator, now: EpochSeconds): Promise<boolean> {
    if (invitation.invitedById === null) return false;
    const inviterIsOwner = {
      ConditionCheck: {
        TableName: this.#table,
        Key: membershipKey(invitation.invitedById),
        ConditionExpression: '#operator.#role = :owner AND #operator.accountId = :account',
        ExpressionAttributeNames: { '#operator': 'operator', '#role': 'role' },
        ExpressionAttributeValues: { ':owner': 'owner', ':account': invitation.accountId },
      },
    };
    const taken = {
      Delete: {
        TableName: this.#table,
        Key: invitationKey(invitation.accountId, invitation.invitationId),
        ConditionExpression: 'attribute_exists(itemKey) AND expiresAt > :now',
        ExpressionAttributeValues: { ':now': now },
      },
    };
    const refusal = await transact(this.#client, {
      invitation: taken,
      inviter: inviterIsOwner,
      ...membershipRows(this.#table, operator),
    });
    return refusal === null;
  }

  /** Changes the row that counts invitations. False if its condition does not hold. */
  async #count(
    accountId: string,
    UpdateExpression: string,
    ConditionExpression: string,
    ExpressionAttributeValues: Readonly<Record<string, number>>,
  ): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { accountId, itemKey: INVITATIONS_SENT },
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      return unavailable('DynamoDB UpdateItem')(error);
    }
  }

  /** Writes the change and the resulting number of owners, together. */
  async #change(accountId: string, change: number, items: NamedItems): Promise<MemberChange> {
    const owners = {
      Update: {
        TableName: this.#table,
        Key: { accountId, itemKey: OWNERS },
        UpdateExpression: 'SET owners = owners + :change',
        ConditionExpression: 'owners > :least',
        ExpressionAttributeValues: { ':change': change, ':least': change < 0 ? 1 : 0 },
      },
    };
    const refusal = await transact(this.#client, { ...items, owners: change === 0 ? null : owners });
    if (refusal === null) return 'done';
    return refusal.item === 'owners' ? 'last-owner' : 'changed-meanwhile';
  }
}
