import * as z from 'zod';
import { line } from '../text.ts';
import { Role } from './permissions.ts';

const Seconds = z.int().describe('epoch seconds');
const Email = z.email().max(254);

/** An operator who may sign in to the account. */
export const Member = z.strictObject({
  operatorId: z.string(),
  email: z.string().nullable(),
  role: Role,
  since: Seconds,
});
export type Member = z.infer<typeof Member>;

/** A pending invitation; the link itself is only in the e-mail. */
export const Invitation = z.strictObject({
  /** An identifier, not a credential. */
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
 * The invitation and how its e-mail was sent. The invitation is valid either way: where the deployment has no sender (`none`), or the
 * e-mail could not be sent (`failed`), the owner passes the link on. It is shown once.
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

/** POST /api/portal/invitations/accept, by someone who is signed in and not yet a member of any account. */
export const AcceptInvitation = z.strictObject({ token: line(200) });

/**
 * POST /api/portal/people/role. `base` holds the member's role when the list was loaded; where another operator has changed it since,
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

/** Where an invitation's link leads; the token follows `#`, which browsers never send to a server. */
export const INVITATION_PAGE = 'invitation';
