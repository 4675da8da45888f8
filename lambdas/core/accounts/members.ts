import { createHash, randomBytes } from 'node:crypto';
import type { ChangeRole, Invitation, Invited, Members } from '../../../contract/api/portal/members.ts';
import { INVITATION_PAGE } from '../../../contract/api/portal/members.ts';
import type { Role } from '../../../contract/api/portal/permissions.ts';
import { PORTAL_PAGE_PATH } from '../../../contract/api/portal/sign-in.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { type FieldEdit, mergeEdit } from '../model/edits.ts';
import { Problem } from '../model/problem.ts';
import type { AccountPorts, MailSender } from './account.ts';
import { underAudit } from './audit.ts';
import type { Departure } from './found-account.ts';
import { type Identity, nameOf, type Operator, type Operators, operatorIdOf } from './operator.ts';

/** An invitation as it is stored: the hash of its token is its id, and the token is stored nowhere. */
export interface StoredInvitation extends Omit<Invitation, 'invitedAt' | 'expiresAt'> {
  readonly invitedAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly accountId: string;
  /** Operator id of the inviter; null in rows of older releases, which are no longer valid. */
  readonly invitedById: string | null;
}

/** The result of a change to the members of an account. */
export type MemberChange = 'done' | 'last-owner' | 'changed-meanwhile';

export interface MemberStore {
  listMembers(accountId: string): Promise<readonly Operator[]>;
  /** In one transaction: an account keeps an owner whatever runs in parallel. Refused if the role is no longer `operator.role`. */
  changeRole(operator: Operator, role: Role, edit: FieldEdit): Promise<MemberChange>;
  /** As `changeRole`; stores how they left until they belong to an account again. */
  removeMember(operator: Operator, departure: Departure): Promise<MemberChange>;
  listInvitations(accountId: string): Promise<readonly StoredInvitation[]>;
  /** Counts one more invitation of the account on this day. False, with nothing counted, if the day has `limit` already. */
  countInvitation(accountId: string, day: number, limit: number): Promise<boolean>;
  /** Takes back one that was counted on this day; does nothing if another day has begun. */
  uncountInvitation(accountId: string, day: number): Promise<void>;
  /** Replaces the account's earlier invitations with these ids by it, in one transaction. */
  putInvitation(invitation: StoredInvitation, earlier: readonly string[]): Promise<void>;
  readInvitation(accountId: string, invitationId: string): Promise<StoredInvitation | null>;
  /** False if it is no longer open. */
  removeInvitation(accountId: string, invitationId: string): Promise<boolean>;
  /**
   * Uses up the invitation and adds the operator, in one transaction. False if either is no longer possible, or the inviter is no
   * longer an owner of the account: nobody returns by an invitation that they sent before they were removed.
   */
  accept(invitation: StoredInvitation, operator: Operator, now: EpochSeconds): Promise<boolean>;
}

export interface InvitationMail extends MailSender {
  /** False: the deployment has no sender for e-mail. @throws Problem `unavailable`: it may or may not have been sent */
  sendInvitation(mail: {
    readonly to: string;
    readonly accountName: string;
    readonly invitedBy: string | null;
    readonly link: string;
    readonly expiresAt: EpochSeconds;
    /** Whether a separate e-mail contains a password to sign in with. */
    readonly hasTemporaryPassword: boolean;
  }): Promise<boolean>;
}

/** The directory where invited operators sign in, if it belongs to this deployment. */
export interface SignInDirectory {
  /**
   * Makes sure that the owner of the address can sign in: someone who is new, or never signed in, gets a temporary password by e-mail
   * from the directory itself. Does nothing if the issuer is not ours, or for someone who is in the directory in another way.
   * @returns whether a temporary password was sent
   * @throws Problem `unavailable`, also if the user was created and the e-mail could not be sent; the next call sends it again;
   *   `too-many-invitations` with a wait if the directory sends no more e-mails for now
   */
  admit(email: string): Promise<boolean>;
}

export interface MemberPorts extends AccountPorts {
  readonly operators: Operators;
  readonly members: MemberStore;
  readonly invitationMail: InvitationMail;
  readonly signInDirectory: SignInDirectory;
  /** e.g. `https://verify.example.com` */
  readonly publicOrigin: string;
}

/** How long an invitation is valid, and with it the temporary password of a user pool. */
export const INVITATION_SECONDS = 7 * 86_400;
/** How many may be open at the same time. */
const MAX_INVITATIONS = 50;
/**
 * E-mails that an account may send in a UTC day, to one address or many, revoked or not: far more than anybody needs, and the most that
 * whoever has taken over an owner's session can send to strangers in the deployment's name.
 */
const INVITATIONS_PER_DAY = 50;
const DAY_SECONDS = 86_400;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const memberOf = ({ operatorId, email, role, since }: Operator) => ({ operatorId, email, role, since });
const viewOf = ({ accountId: _account, invitedById: _by, ...invitation }: StoredInvitation): Invitation => invitation;

/** Counts one of today's invitations. @returns the day @throws Problem `too-many-invitations` */
const countToday = async ({ members, clock }: MemberPorts, accountId: string): Promise<number> => {
  const now = clock();
  const day = Math.floor(now / DAY_SECONDS);
  if (await members.countInvitation(accountId, day, INVITATIONS_PER_DAY)) return day;
  const retryAfterSeconds = DAY_SECONDS - (now % DAY_SECONDS);
  throw new Problem('too-many-invitations', 'the invitations of a day are used up', { retryAfterSeconds });
};

/**
 * Admits the invited operator to the directory and stores the invitation, as one of today's; a failure costs none, unless the directory
 * has sent an e-mail by then. Counted before it sends anything, so that no e-mail is sent beyond the limit. Both can be repeated.
 * @returns whether a temporary password was sent
 * @throws Problem `too-many-invitations`, `unavailable`
 */
const admitToday = async (ports: MemberPorts, invitation: StoredInvitation, earlier: readonly string[]) => {
  const { accountId, email } = invitation;
  const day = await countToday(ports, accountId);
  let isAdmitted = false;
  try {
    // Before the invitation: a link would be useless to somebody who cannot sign in.
    isAdmitted = await ports.signInDirectory.admit(email);
    await ports.members.putInvitation(invitation, earlier);
    return isAdmitted;
  } catch (error) {
    const giveBack = isAdmitted ? null : ports.members.uncountInvitation(accountId, day);
    // If this fails too, the first failure is the one to report.
    await giveBack?.catch(() => ports.log('invitation-count-not-given-back', {}));
    throw error;
  }
};

/** All members, oldest first, and the open invitations. */
export const listMembers =
  (ports: MemberPorts) =>
  async ({ accountId }: Operator): Promise<Members> => {
    const [members, invitations] = await Promise.all([
      ports.members.listMembers(accountId),
      ports.members.listInvitations(accountId),
    ]);
    return {
      people: members.map(memberOf).sort((a, b) => a.since - b.since),
      invitations: invitations.map(viewOf).sort((a, b) => a.invitedAt - b.invitedAt),
    };
  };

interface SentLink {
  readonly link: string;
  readonly expiresAt: EpochSeconds;
  readonly hasTemporaryPassword: boolean;
}

/** Sends the link. The invitation is stored by now: if no e-mail is sent, the owner gets the link to pass on. */
const sendLink = async (
  ports: MemberPorts,
  operator: Operator,
  { accountId, email, expiresAt, hasTemporaryPassword, link }: Pick<StoredInvitation, 'accountId' | 'email'> & SentLink,
): Promise<Pick<Invited, 'mail' | 'link'>> => {
  try {
    const accountName = (await ports.accounts.read(accountId))?.name ?? '';
    const mail = { to: email, accountName, invitedBy: operator.email, link, expiresAt, hasTemporaryPassword };
    const isSent = await ports.invitationMail.sendInvitation(mail);
    return isSent ? { mail: 'sent', link: null } : { mail: 'none', link };
  } catch {
    ports.log('invitation-not-sent', {});
    return { mail: 'failed', link };
  }
};

/**
 * Invites somebody by e-mail. The link holds 192 random bits and works once, for a week, and only for the owner of the address. An
 * earlier invitation of the same address ends. A failed e-mail does not end the invitation: the answer then holds the link.
 * @throws Problem `invalid-option` for somebody who is a member already or too many open invitations, `too-many-invitations` with the
 *   seconds until the next attempt, `unavailable`
 */
export const invite =
  (ports: MemberPorts) =>
  async (operator: Operator, email: string, role: Role): Promise<Invited> => {
    const { accountId } = operator;
    const { people, invitations } = await listMembers(ports)(operator);
    const refuse = (detail: string): never => {
      throw new Problem('invalid-option', 'invitation', { errors: [{ pointer: '#/email', detail }] });
    };
    if (people.some((member) => member.email !== null && sameAddress(member.email, email))) {
      refuse('belongs to the account already');
    }
    const earlier = invitations.filter((each) => sameAddress(each.email, email));
    if (invitations.length - earlier.length >= MAX_INVITATIONS) refuse('too many invitations wait');
    const [secret, now] = [randomBytes(24).toString('base64url'), ports.clock()];
    const expiresAt = addSeconds(now, INVITATION_SECONDS);
    const { operatorId: invitedById } = operator;
    const invitation = { accountId, invitationId: hashOf(secret), invitedById, email, role, invitedAt: now, expiresAt };
    const act = { act: 'person-invited', detail: `${email} as ${role}` } as const;
    const earlierIds = earlier.map(({ invitationId }) => invitationId);
    const hasTemporaryPassword = await underAudit(ports, operator, act, () =>
      admitToday(ports, invitation, earlierIds),
    );
    const link = `${ports.publicOrigin}${PORTAL_PAGE_PATH}${INVITATION_PAGE}#${accountId}.${secret}`;
    return {
      invitation: viewOf(invitation),
      ...(await sendLink(ports, operator, { ...invitation, hasTemporaryPassword, link })),
    };
  };

export const revokeInvitation =
  (ports: MemberPorts) =>
  async (operator: Operator, invitationId: string): Promise<void> => {
    const invitation = await ports.members.readInvitation(operator.accountId, invitationId);
    if (invitation === null) throw new Problem('not-found', 'unknown or foreign invitation');
    await underAudit(ports, operator, { act: 'invitation-revoked', detail: invitation.email }, async () => {
      const isRemoved = await ports.members.removeInvitation(operator.accountId, invitationId);
      if (!isRemoved) throw new Problem('not-found', 'accepted or ended in the meantime');
    });
  };

/**
 * Makes the operator a member, as the invitation says. There is one answer for every link that does not work: unknown, used, too old,
 * sent to an address other than the verified one of this sign-in, or by somebody who is no longer an owner of the account.
 * @throws Problem `invitation-not-valid`
 */
export const acceptInvitation =
  (ports: MemberPorts) =>
  async (identity: Identity, token: string): Promise<void> => {
    const now = ports.clock();
    const at = token.lastIndexOf('.');
    const [accountId, secret] = [token.slice(0, at), token.slice(at + 1)];
    const invitation = at < 1 ? null : await ports.members.readInvitation(accountId, hashOf(secret));
    const isTheirs = identity.email !== null && invitation !== null && sameAddress(identity.email, invitation.email);
    if (invitation === null || !isTheirs || now >= invitation.expiresAt) {
      throw new Problem('invitation-not-valid', 'unknown, too old, or of another address');
    }
    const operatorId = operatorIdOf(identity);
    // Checked before the action is recorded: otherwise, operators who cannot join by the link could fill the account's audit log.
    // `accept` enforces both.
    const [member, inviter] = await Promise.all([
      ports.operators.find(operatorId),
      invitation.invitedById === null ? null : ports.operators.find(invitation.invitedById),
    ]);
    if (member !== null) throw new Problem('invitation-not-valid', 'the operator belongs to an account');
    if (inviter?.accountId !== accountId || inviter.role !== 'owner') {
      throw new Problem('invitation-not-valid', 'the inviter is no longer an owner');
    }
    const { email } = identity;
    const operator: Operator = { operatorId, accountId, email, role: invitation.role, since: now };
    await underAudit(ports, operator, { act: 'invitation-accepted', detail: invitation.role }, async () => {
      if (await ports.members.accept(invitation, operator, now)) return;
      const reason = 'used in the meantime, the inviter is no longer an owner, or the operator belongs to an account';
      throw new Problem('invitation-not-valid', reason);
    });
  };

const ownMember = async (ports: MemberPorts, operator: Operator, operatorId: string): Promise<Operator> => {
  const member = await ports.operators.find(operatorId);
  if (member === null || member.accountId !== operator.accountId) {
    throw new Problem('not-found', 'unknown or foreign member');
  }
  return member;
};

const finish = (change: MemberChange): void => {
  if (change !== 'done') throw new Problem(change, 'members of an account');
};

/**
 * @param base the role as the operator who changes it last saw it
 * @throws Problem `not-found`, `last-owner`, `changed-meanwhile`, saying who gave the member another role
 */
export const changeRole =
  (ports: MemberPorts) =>
  async (operator: Operator, { operatorId, role, base }: ChangeRole): Promise<Members> => {
    const member = await ownMember(ports, operator, operatorId);
    const detail = `${nameOf(member)}: ${member.role} to ${role}`;
    await underAudit(ports, operator, { act: 'role-changed', detail }, async () => {
      const fields = member.roleEdit == null ? {} : { role: member.roleEdit };
      mergeEdit({ role: member.role }, { version: 0, fields }, { change: { role }, base, pointer: '#' });
      const edit = { by: nameOf(operator), at: ports.clock() };
      if (role !== member.role) finish(await ports.members.changeRole(member, role, edit));
    });
    return listMembers(ports)(operator);
  };

const departureOf = ({ accountId }: Operator, how: Departure['how'], at: EpochSeconds): Departure => ({
  accountId,
  at,
  how,
});

/**
 * Removes a member. Their next call is refused, and they can be invited again.
 * @throws Problem `not-found`, `last-owner`, `changed-meanwhile`
 */
export const removeMember =
  (ports: MemberPorts) =>
  async (operator: Operator, operatorId: string): Promise<void> => {
    const member = await ownMember(ports, operator, operatorId);
    await underAudit(ports, operator, { act: 'person-removed', detail: nameOf(member) }, async () =>
      finish(await ports.members.removeMember(member, departureOf(member, 'removed', ports.clock()))),
    );
  };

/** @throws Problem `last-owner`, `changed-meanwhile` */
export const leaveAccount =
  (ports: MemberPorts) =>
  async (operator: Operator): Promise<void> => {
    await underAudit(ports, operator, { act: 'person-left', detail: nameOf(operator) }, async () =>
      finish(await ports.members.removeMember(operator, departureOf(operator, 'left', ports.clock()))),
    );
  };
