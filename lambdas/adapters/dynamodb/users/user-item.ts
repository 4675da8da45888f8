import * as z from 'zod';
import type { Disablement, EnrollmentInvitation, Reenrollment, User } from '../../../core/model/user.ts';
import { defineItem, objectOf } from '../table/define-item.ts';
import { ConsentMember, orNull, ReferenceMember, Seconds } from '../table/item-members.ts';

const userItem = defineItem<User>(() =>
  objectOf<User>()({
    integrationId: z.string(),
    externalId: z.string(),
    version: z.number(),
    reference: orNull(ReferenceMember),
    consent: orNull(ConsentMember),
    failures: z.number().default(0),
    guesses: z.number().default(0),
    series: orNull(z.string()),
    lastAttemptAt: orNull(Seconds),
    starts: z.number().default(0),
    startsSince: orNull(Seconds),
    lastStartAt: orNull(Seconds),
    lastVerifiedAt: orNull(Seconds),
    purgeAt: orNull(Seconds),
    disabled: orNull(objectOf<Disablement>()({ at: Seconds, reason: z.string() })),
    reenrollment: orNull(objectOf<Reenrollment>()({ askedAt: Seconds, until: Seconds })),
    invitation: orNull(objectOf<EnrollmentInvitation>()({ at: Seconds, endsAt: Seconds, by: z.string() })),
  }),
);

/**
 * The name by which rows hold `reenrollment`: the previous release, which runs in parallel with this one for minutes, reads no other,
 * and would let a password alone enroll without a time limit (T27). A later release may write the current name: this one reads both,
 * and removes both.
 */
export const STORED_REENROLLMENT = 'reenrolment';

/** The key of a user's row. */
export const userKey = ({ integrationId, externalId }: Pick<User, 'integrationId' | 'externalId'>) => ({
  integrationId,
  externalId,
});

export type ListedState = 'enrolled' | 'not_enrolled' | 'disabled';

/** The key of a user in the index of states. Whatever changes the state must write it too. */
export const listedAs = (integrationId: string, state: ListedState): string => `${integrationId}#${state}`;

/** An operator may disable a user at any moment: no login counts or succeeds against such a row. */
export const NOT_DISABLED = 'attribute_not_exists(disabled)';

/** Which members of a row are removed when the user is deleted. A member that is not listed here does not compile. */
const REMOVED_ON_DELETION: Readonly<Record<keyof User, boolean>> = {
  integrationId: false,
  externalId: false,
  version: false,
  reference: true,
  consent: true,
  // Set to zero.
  failures: false,
  guesses: false,
  series: true,
  lastAttemptAt: true,
  starts: true,
  startsSince: true,
  lastStartAt: true,
  lastVerifiedAt: true,
  purgeAt: true,
  disabled: false,
  reenrollment: true,
  invitation: true,
};

const PERSONAL_MEMBERS: readonly string[] = [
  ...Object.entries(REMOVED_ON_DELETION).flatMap(([member, isRemoved]) => (isRemoved ? [member] : [])),
  STORED_REENROLLMENT,
  // The key of the user in the index of failures.
  'failingIn',
];

/** Members that are removed with the user, as an update names them, with `#reference` for a word that DynamoDB reserves. */
export const PERSONAL: string = PERSONAL_MEMBERS.map((member) => (member === 'reference' ? '#reference' : member)).join(
  ', ',
);

/** What a deletion leaves of a row: that the user is disabled, since deleting a face must not restore access. Null: nothing. */
export const erasedRow = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null => {
  if (row['disabled'] === undefined) return null;
  const kept = Object.entries(row).filter(([member]) => !PERSONAL_MEMBERS.includes(member));
  return { ...Object.fromEntries(kept), failures: 0, guesses: 0 };
};

/** @throws ZodError if the row is not a user */
export const parseUser = (row: unknown): User => {
  const { [STORED_REENROLLMENT]: reenrollment, ...members }: Record<string, unknown> = { ...(row as object) };
  return userItem.read({ reenrollment, ...members });
};
