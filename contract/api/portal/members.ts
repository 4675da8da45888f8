import * as z from 'zod';
import { line } from '../text.ts';
import { Role } from './permissions.ts';

const Seconds = z.int().describe('epoch seconds');
const Email = z.email().max(254);

/** A person who may sign in to the account. */
export const Member = z.strictObject({
  operatorId: z.string(),
  email: z.string().nullable(),
  role: Role,
  since: Seconds,
});
export type Member = z.infer<typeof Member>;

/** An invitation that waits; the link itself is in the e-mail alone. */
export const Invitation = z.strictObject({
  /** Names it; opens nothing. */
  invitationId: z.string(),
  email: z.string(),
  role: Role,
  invitedAt: Seconds,
  expiresAt: Seconds,
});
export type Invitation = z.infer<typeof Invitation>;

/** GET /api/portal/people */
export const Members = z.strictObject({ people: z.array(Member), invitations: z.array(Invitation) });
export type Members = z.infer<typeof Members>;

/** POST /api/portal/people/invitations */
export const Invite = z.strictObject({ email: Email, role: Role });

/**
 * What became of it. The invitation stands whatever became of its e-mail; where the deployment has no sender (`none`), or the e-mail
 * could not be sent (`failed`), the owner passes the link on. It is shown once.
 */
export const Invited = z.strictObject({
  invitation: Invitation,
  mail: z.enum(['sent', 'none', 'failed']).default('sent'),
  /** Null where the e-mail was sent. */
  link: z.string().nullable(),
});
export type Invited = z.infer<typeof Invited>;

/** POST /api/portal/people/invitations/revoke */
export const RevokeInvitation = z.strictObject({ invitationId: line(64) });

/** POST /api/portal/invitations/accept, by somebody who is signed in and belongs to no account yet. */
export const AcceptInvitation = z.strictObject({ token: line(200) });

/**
 * POST /api/portal/people/role. `base` says which role the person had when the list was loaded; where somebody else changed it since,
 * the answer is `changed-meanwhile` with `conflicts`.
 */
export const ChangeRole = z.strictObject({
  operatorId: line(64),
  role: Role,
  base: z.strictObject({ role: Role.optional() }).default({}),
});
export type ChangeRole = z.infer<typeof ChangeRole>;

/** POST /api/portal/people/remove */
export const RemoveMember = z.strictObject({ operatorId: line(64) });

/** Where an invitation's link leads; the token stands behind `#`, which browsers never send to a server. */
export const INVITATION_PAGE = 'invitation';
