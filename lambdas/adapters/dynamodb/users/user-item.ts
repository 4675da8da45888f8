import * as z from 'zod';
import type { User } from '../../../core/model/user.ts';
import { Consent, lazy, orNull, Reference, Seconds } from '../table/item-members.ts';

const userItem = lazy(() =>
  z.object({
    integrationId: z.string(),
    externalId: z.string(),
    version: z.number(),
    reference: orNull(Reference),
    consent: orNull(Consent),
    failures: z.number().default(0),
    guesses: z.number().default(0),
    series: orNull(z.string()),
    lastAttemptAt: orNull(Seconds),
    starts: z.number().default(0),
    startsSince: orNull(Seconds),
    lastStartAt: orNull(Seconds),
    lastVerifiedAt: orNull(Seconds),
    purgeAt: orNull(Seconds),
    disabled: orNull(z.object({ at: Seconds, reason: z.string() })),
    reenrollment: orNull(z.object({ askedAt: Seconds, until: Seconds })),
    invitation: orNull(z.object({ at: Seconds, endsAt: Seconds, by: z.string() })),
  }),
);

/**
 * The name by which rows hold `reenrollment`: the release before, which runs beside this one for minutes, reads no other, and would
 * let a password alone enroll for as long as it likes (T27). A later release may write the name that stands: this one reads both, and
 * removes both.
 */
export const STORED_REENROLLMENT = 'reenrolment';

/** @throws ZodError if the row is not a user */
export const parseUser = (row: unknown): User => {
  const { [STORED_REENROLLMENT]: reenrollment, ...members }: Record<string, unknown> = { ...(row as object) };
  return userItem().parse({ reenrollment, ...members });
};
