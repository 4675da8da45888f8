import * as z from 'zod';
import { InvitationHours, NewExternalId, UserState } from './portal/users.ts';

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

/** POST /api/v1/integrations/{integrationId}/user/invitation: lets a person enrol with a login, once. */
export const InvitationRequest = z.strictObject({ externalId: NewExternalId, withinHours: InvitationHours });
