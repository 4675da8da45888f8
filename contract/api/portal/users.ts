import * as z from 'zod';

const Seconds = z.int().describe('epoch seconds');

export const UserState = z.enum(['enrolled', 'not_enrolled', 'locked']);
export type UserState = z.infer<typeof UserState>;

export const UserSummary = z.strictObject({
  externalId: z.string(),
  state: UserState,
  enrolledAt: Seconds.nullable(),
  lastVerifiedAt: Seconds.nullable(),
  failures: z.int(),
  lockedUntil: Seconds.nullable(),
});
export type UserSummary = z.infer<typeof UserSummary>;

/** GET /api/portal/integrations/{integrationId}/users?prefix&state&cursor, in the order of External IDs. */
export const UserPage = z.strictObject({
  users: z.array(UserSummary),
  /** For the next page; null at the end. A page may be short, or empty, and still have a cursor. */
  cursor: z.string().nullable(),
});
export type UserPage = z.infer<typeof UserPage>;

/** GET /api/portal/user?integrationId&externalId: an External ID holds characters that have no place in a path. */
export const UserView = UserSummary.extend({
  engine: z.string().nullable(),
  version: z.int(),
  consent: z.strictObject({ version: z.string(), locale: z.string(), at: Seconds }).nullable(),
  /** When the face is deleted if it is not used. */
  purgeAt: Seconds.nullable(),
});
export type UserView = z.infer<typeof UserView>;

/** POST /api/portal/user/unlock and /delete */
export const UserTarget = z.strictObject({ integrationId: z.string().max(64), externalId: z.string().min(1).max(255) });

/** What a deletion removed. */
export const DeletionReceipt = z.strictObject({
  externalId: z.string(),
  deletedAt: Seconds,
  /** False: there was none. */
  faceRemoved: z.boolean(),
  recordRemoved: z.boolean(),
});
export type DeletionReceipt = z.infer<typeof DeletionReceipt>;
