import * as z from 'zod';
import { UserState } from './portal/users.ts';

const Seconds = z.int().describe('epoch seconds');
export const ExternalId = z.string().min(1).max(255).describe('Auth0’s `user_id`');

/** GET /api/v1/integrations/{integrationId}/user?externalId. A person who was never here is `not_enrolled`. */
export const UserStatus = z.strictObject({
  externalId: z.string(),
  state: UserState,
  enrolledAt: Seconds.nullable(),
  lastVerifiedAt: Seconds.nullable(),
  /** When a lock ends by itself; null: not locked. */
  lockedUntil: Seconds.nullable(),
});
export type UserStatus = z.infer<typeof UserStatus>;

/** Query of GET and DELETE /api/v1/integrations/{integrationId}/user: an External ID has characters that no path can hold. */
export const UserQuery = z.strictObject({ externalId: ExternalId });
