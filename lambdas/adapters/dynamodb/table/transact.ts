import { setTimeout as pause } from 'node:timers/promises';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Problem, unavailable, wrongRequest } from '../../../core/model/problem.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Items of a transaction by name; null if there is nothing to write. */
export type NamedItems = Readonly<Record<string, TransactItem | null>>;

/** Which item of a transaction was refused; `row` is the row as it is now, if requested. */
export interface Refusal<Name = string> {
  readonly item: Name;
  readonly row: Record<string, unknown> | null;
}

/** Items of one kind, each under its own name. */
export const numbered = (name: string, items: readonly TransactItem[]): NamedItems =>
  Object.fromEntries(items.map((item, index) => [`${name} ${index}`, item]));

/** Cancellations that mean "try again", not "no" (DynamoDB developer guide, transaction conflict handling). */
const TRANSIENT = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 20;

const refusalOf = <Name extends string>(
  names: readonly Name[],
  reasons: readonly CancellationReason[],
): Refusal<Name> | null => {
  const index = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
  const item = names[index];
  if (item === undefined) return null;
  const row = reasons[index]?.Item;
  return { item, row: row === undefined ? null : unmarshall(row) };
};

/**
 * Writes all items or none. The SDK retries throttled requests but not conflicting transactions, so that is done here, with full jitter.
 * @returns null if written, else the first item, in the order in which they are named, whose condition failed
 * @throws Problem `unavailable` if conflicts continue, or if DynamoDB is not available; `internal-error` for an invalid item
 */
export const transact = async <Items extends NamedItems>(
  client: DynamoDBDocumentClient,
  items: Items,
  random: () => number = Math.random,
): Promise<Refusal<keyof Items & string> | null> => {
  const entries = Object.entries(items).flatMap(([name, item]) => (item === null ? [] : [{ name, item }]));
  const names = entries.map(({ name }) => name as keyof Items & string);
  const TransactItems = entries.map(({ item }) => item);
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems }));
      return null;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) return unavailable('DynamoDB TransactWriteItems')(error);
      const reasons = error.CancellationReasons ?? [];
      const refusal = refusalOf(names, reasons);
      if (refusal !== null) return refusal;
      if (reasons.some((reason) => reason.Code === 'ValidationError')) {
        throw wrongRequest('DynamoDB TransactWriteItems', error);
      }
      const isTransient = reasons.some((reason) => TRANSIENT.includes(reason.Code ?? ''));
      if (!isTransient) return unavailable('DynamoDB TransactWriteItems')(error);
      if (tries === MAX_TRIES) throw new Problem('unavailable', 'transactions keep colliding', { cause: error });
      await pause(random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
};
