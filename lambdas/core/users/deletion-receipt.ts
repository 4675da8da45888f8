import type { DeletionReceipt } from '../../../contract/api/portal/users.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { User } from '../model/user.ts';
import { hasUserData } from './list-users.ts';

interface Deletion {
  /** The row before. */
  readonly row: User;
  readonly at: EpochSeconds;
  readonly face: DeletionReceipt['face'];
}

/**
 * What a deletion removed.
 * @param left the row afterwards; `unread` if it could not be read. The deletion has happened all the same, and left what its one
 *   transaction leaves: nothing but the disablement
 */
export const deletionReceipt = ({ row, at, face }: Deletion, left: User | null | 'unread'): DeletionReceipt => {
  const after = left === 'unread' ? null : left;
  return {
    externalId: row.externalId,
    deletedAt: at,
    face,
    consentRemoved: row.consent !== null && (after === null || after.consent === null),
    recordRemoved: after === null || !hasUserData({ ...after, disabled: null }),
    disablementKept: (left === 'unread' ? row : after)?.disabled != null,
  };
};
