import * as z from 'zod';
import { Role } from '../../../../contract/api/portal/permissions.ts';
import type { StoredInvitation } from '../../../core/accounts/members.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { orNull, Seconds } from '../table/item-members.ts';

const invitationItem = defineItem<StoredInvitation>(() =>
  objectOf<StoredInvitation>()({
    accountId: z.string(),
    invitationId: z.string(),
    invitedById: orNull(z.string()),
    email: z.string(),
    role: Role,
    invitedAt: Seconds,
    expiresAt: Seconds,
  }),
);

/** @throws ZodError if the row is not an invitation */
export const parseInvitation = invitationItem.read;

/** A new invitation's row. */
export const invitationRow = invitationItem.write;
