import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Role } from '../../../../contract/api/portal/permissions.ts';
import type { Departure } from '../../../core/accounts/found-account.ts';
import type { Operator, Operators } from '../../../core/accounts/operator.ts';
import { unavailable } from '../../../core/model/problem.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { FieldEditMember, orNull, Seconds } from '../table/item-members.ts';
import { type NamedItems, type TransactItem, transact } from '../table/transact.ts';

const operatorItem = defineItem<Operator>(() =>
  objectOf<Operator>()({
    operatorId: z.string(),
    accountId: z.string(),
    email: orNull(z.string()),
    role: Role,
    since: Seconds,
    roleEdit: orNull(FieldEditMember),
  }),
);

/** The operator that a row holds. @throws ZodError if it holds none */
export const parseOperator = (row: Readonly<Record<string, unknown>>): Operator => operatorItem.read(row['operator']);

/** Leads from an operator to the account: `person#{operatorId}` as partition, so that signing in is one read. */
export const membershipKey = (operatorId: string) => ({ accountId: `person#${operatorId}`, itemKey: 'membership' });
export const operatorKey = ({ accountId, operatorId }: Pick<Operator, 'accountId' | 'operatorId'>) => ({
  accountId,
  itemKey: `operator#${operatorId}`,
});
/** How an operator left their last account; in the partition of their membership. */
export const departureKey = (operatorId: string) => ({ ...membershipKey(operatorId), itemKey: 'departure' });

const departureItem = defineItem<Departure>(() =>
  objectOf<Departure>()({ accountId: z.string(), at: Seconds, how: z.enum(['removed', 'left']) }),
);

/** The departure that a row holds. @throws ZodError if it holds none */
export const parseDeparture = (row: Readonly<Record<string, unknown>>): Departure =>
  departureItem.read(row['departure']);

/** The row that says how an operator left. */
export const departureRow = (operatorId: string, departure: Departure) => ({
  ...departureKey(operatorId),
  departure: departureItem.write(departure),
});

/** Row of an account that counts its owners. */
export const OWNERS = 'owners';
export const IS_NEW = 'attribute_not_exists(accountId)';

export const newItem = (table: string, Item: Record<string, unknown>): TransactItem => ({
  Put: { TableName: table, Item, ConditionExpression: IS_NEW },
});

/**
 * An operator's two rows: one leads from the operator to the account, one is in the account's list. How they left another account no
 * longer matters.
 */
export const newMember = (table: string, operator: Operator): NamedItems => ({
  membership: newItem(table, { ...membershipKey(operator.operatorId), operator: operatorItem.write(operator) }),
  operator: newItem(table, { ...operatorKey(operator), operator: operatorItem.write(operator) }),
  departure: { Delete: { TableName: table, Key: departureKey(operator.operatorId) } },
});

/** Rows of an operator who joins an existing account; and one more owner, if they become one. */
export const membershipRows = (table: string, operator: Operator): NamedItems => ({
  ...newMember(table, operator),
  owners:
    operator.role === 'owner'
      ? {
          Update: {
            TableName: table,
            Key: { accountId: operator.accountId, itemKey: OWNERS },
            UpdateExpression: 'ADD owners :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        }
      : null,
});

/** Operators: items of an account, under their own kind. */
export class AccountItemStore implements Operators {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tables: { readonly items: string }) {
    this.#client = client;
    this.#table = tables.items;
  }

  async find(operatorId: string): Promise<Operator | null> {
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key: membershipKey(operatorId), ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseOperator(Item);
  }

  /** Adds an operator to an existing account. False if they belong to one already. */
  async join(operator: Operator): Promise<boolean> {
    const refusal = await transact(this.#client, membershipRows(this.#table, operator));
    return refusal === null;
  }
}
