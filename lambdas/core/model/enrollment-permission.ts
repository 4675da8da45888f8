import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration } from './integration.ts';
import type { User } from './user.ts';
import type { SessionTokenClaims } from './verify-session-token.ts';

/** What lets a login enroll a face. */
export interface EnrollmentPermission {
  /** From this second on, it lets nobody enroll. Null: it does not end. */
  readonly endsAt: EpochSeconds | null;
  /** True: an invitation alone permits it, whatever the integration's rules for self-enrollment. */
  readonly isInvited: boolean;
}

const meets = ({ selfEnrollmentRequires }: Integration, facts: SessionTokenClaims['facts']): boolean => {
  switch (selfEnrollmentRequires) {
    case 'nothing':
      return true;
    case 'verified-email':
      return facts.emailVerified;
    case 'another-factor':
      return facts.otherFactors;
    case 'invitation':
      return false;
  }
};

const bySelfEnrollment = (
  integration: Integration,
  facts: SessionTokenClaims['facts'],
  user: User | null,
  now: EpochSeconds,
): EnrollmentPermission | null => {
  const until = user?.reenrollment?.until ?? null;
  // The permission of a required re-enrollment has ended: the password alone is no longer enough.
  if (!integration.allowSelfEnrollment || (until !== null && now >= until)) return null;
  return meets(integration, facts) ? { endsAt: until, isInvited: false } : null;
};

/**
 * Whether a login of a user without a face may enroll at `now`, and until when: by the integration's rules for self-enrollment, or
 * because the user was invited (T26). An invitation also counts if self-enrollment is off.
 * @returns null if it must not
 */
export const enrollmentPermission = (
  integration: Integration,
  facts: SessionTokenClaims['facts'],
  user: User | null,
  now: EpochSeconds,
): EnrollmentPermission | null => {
  const own = bySelfEnrollment(integration, facts, user, now);
  const invitedUntil = user?.invitation?.endsAt ?? null;
  const isInvited = invitedUntil !== null && now < invitedUntil;
  // A permission that does not end needs no invitation.
  return isInvited && own?.endsAt !== null ? { endsAt: invitedUntil, isInvited } : own;
};
