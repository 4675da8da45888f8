import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { Problem } from '../core/model/problem.ts';

/** The time from `from` to `to`, both inclusive. @throws Problem `invalid-request` if it ends before it begins */
export const spanOf = (from: EpochSeconds, to: EpochSeconds) => {
  if (from > to) throw new Problem('invalid-request', 'query from is after to');
  return { from, to };
};

/**
 * The place in a list that a cursor encodes. Cursors are keys within the account's or integration's own partition: a foreign one cannot
 * point elsewhere.
 * @throws Problem `invalid-request`
 */
export const placeOf = (cursor: string | undefined): string | null => {
  if (cursor === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(cursor, 'base64url'));
  } catch {
    throw new Problem('invalid-request', 'query cursor');
  }
};

export const writeCursor = (after: string | null): string | null =>
  after === null ? null : Buffer.from(after).toString('base64url');
