import * as z from 'zod';
import { ExternalId, NewExternalId } from './external-id.ts';
import { InvitationHours, UserState } from './portal/users.ts';

const Seconds = z.int().describe('epoch seconds');

/** GET /api/v1/integrations/{integrationId}/user?externalId. A user whom the service does not know is `not_enrolled`. */
export const UserStatus = z.strictObject({
  externalId: z.string(),
  state: UserState,
  enrolledAt: Seconds.nullable(),
  lastVerifiedAt: Seconds.nullable(),
  /** When a lock ends by itself; null: not locked. */
  lockedUntil: Seconds.nullable(),
});
export type UserStatus = z.infer<typeof UserStatus>;

/** Query of GET and DELETE /api/v1/integrations/{integrationId}/user: an External ID can contain characters that are not allowed in a path. */
export const UserQuery = z.strictObject({ externalId: ExternalId });

/** POST /api/v1/integrations/{integrationId}/user/invitation: lets a user enroll with one login. */
export const InvitationRequest = z.strictObject({ externalId: NewExternalId, withinHours: InvitationHours });
