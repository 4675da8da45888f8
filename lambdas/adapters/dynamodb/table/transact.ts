import { setTimeout as pause } from 'node:timers/promises';
import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Problem, unavailable, wrongRequest } from '../../../core/model/problem.ts';

export type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Why one item of a transaction was refused; `row` is the row as it stands, where asked for. */
export interface Refusal {
  readonly index: number;
  readonly row: Record<string, unknown> | null;
}

/** Cancellations that say "try again", not "no" (DynamoDB developer guide, transaction conflict handling). */
const TRANSIENT = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 20;

const refusalOf = (reasons: readonly CancellationReason[]): Refusal | null => {
  const index = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
  if (index < 0) return null;
  const item = reasons[index]?.Item;
  return { index, row: item === undefined ? null : unmarshall(item) };
};

/**
 * Writes all items or none. The SDK retries throttled requests but no conflicting transactions, so that is done here, with
 * full jitter.
 * @returns null if written, else the first item whose condition failed
 * @throws Problem `unavailable` if conflicts go on, or if DynamoDB does not answer; `internal-error` for an item that is wrong
 */
export const transact = async (
  client: DynamoDBDocumentClient,
  items: TransactItems,
  random: () => number = Math.random,
): Promise<Refusal | null> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }));
      return null;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) return unavailable('DynamoDB TransactWriteItems')(error);
      const reasons = error.CancellationReasons ?? [];
      const refusal = refusalOf(reasons);
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
