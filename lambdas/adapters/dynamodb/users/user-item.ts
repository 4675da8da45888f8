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
    reenrolment: orNull(objectOf<Reenrollment>()({ askedAt: Seconds, until: Seconds })),
    invitation: orNull(objectOf<EnrollmentInvitation>()({ at: Seconds, endsAt: Seconds, by: z.string() })),
  }),
);

/** @throws ZodError if the row is not a user */
export const parseUser = userItem.read;
