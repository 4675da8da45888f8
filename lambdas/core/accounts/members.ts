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

/** An invitation as it is kept: the hash of its token names it, the token is nowhere. */
export interface StoredInvitation extends Omit<Invitation, 'invitedAt' | 'expiresAt'> {
  readonly invitedAt: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly accountId: string;
  /** Operator id of who invited; null in rows of older versions, which invite nobody any more. */
  readonly invitedById: string | null;
}

/** What became of a change of the people of an account. */
export type MemberChange = 'done' | 'last-owner' | 'changed-meanwhile';

export interface MemberStore {
  listMembers(accountId: string): Promise<readonly Operator[]>;
  /** One transaction; an account keeps an owner whatever runs in parallel. Refused if the role is not `operator.role` any more. */
  changeRole(operator: Operator, role: Role, edit: FieldEdit): Promise<MemberChange>;
  /** As `changeRole`; keeps how they left until they belong to an account again. */
  removeMember(operator: Operator, departure: Departure): Promise<MemberChange>;
  listInvitations(accountId: string): Promise<readonly StoredInvitation[]>;
  /** Counts one more invitation of the account's day. False, and nothing counted, where the day has `limit` already. */
  countInvitation(accountId: string, day: number, limit: number): Promise<boolean>;
  /** Gives back one that was counted on this day; nothing where another day has begun. */
  uncountInvitation(accountId: string, day: number): Promise<void>;
  /** Writes it in the place of the account's earlier ones of these ids, in one transaction. */
  putInvitation(invitation: StoredInvitation, earlier: readonly string[]): Promise<void>;
  readInvitation(accountId: string, invitationId: string): Promise<StoredInvitation | null>;
  /** False if it waits no more. */
  removeInvitation(accountId: string, invitationId: string): Promise<boolean>;
  /**
   * Takes the invitation and adds the person, in one transaction. False if either was not possible any more, or who invited is no
   * owner of the account any more: nobody comes back by an invitation that they sent before they were removed.
   */
  accept(invitation: StoredInvitation, operator: Operator, now: EpochSeconds): Promise<boolean>;
}

export interface InvitationMail extends MailSender {
  /** False: the deployment has no sender of e-mail. @throws Problem `unavailable`: it may have been sent, or not */
  sendInvitation(mail: {
    readonly to: string;
    readonly accountName: string;
    readonly invitedBy: string | null;
    readonly link: string;
    readonly expiresAt: EpochSeconds;
    /** Whether another e-mail brings the person a password to sign in with. */
    readonly hasTemporaryPassword: boolean;
  }): Promise<boolean>;
}

/** Where people who are invited sign in, if that is a directory of this deployment. */
export interface SignInDirectory {
  /**
   * Makes sure that the person of the address can sign in: somebody new, or who never signed in, gets a temporary password by e-mail
   * from the directory itself. Nothing happens where the issuer is not ours, and to somebody who is there in another way.
   * @returns whether a temporary password was sent
   * @throws Problem `unavailable`, also where the person was made and the e-mail could not be sent; the next call sends it again;
   *   `too-many-invitations` with a wait where the directory sends no more e-mails for now
   */
  admit(email: string): Promise<boolean>;
}

export interface MemberPorts extends AccountPorts {
  readonly operators: Operators;
  readonly people: MemberStore;
  readonly invitationMail: InvitationMail;
  readonly signInDirectory: SignInDirectory;
  /** e.g. `https://verify.example.com` */
  readonly publicOrigin: string;
}

/** How long an invitation works, and the temporary password of a pool that comes with it. */
export const INVITATION_SECONDS = 7 * 86_400;
/** How many may wait at once. */
const MAX_INVITATIONS = 50;
/**
 * E-mails an account may send in a UTC day, to one address or many, revoked or not: far more than anybody needs, and the most that
 * whoever holds an owner's session can send to strangers in the deployment's name.
 */
const INVITATIONS_PER_DAY = 50;
const DAY_SECONDS = 86_400;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const personOf = ({ operatorId, email, role, since }: Operator) => ({ operatorId, email, role, since });
const viewOf = ({ accountId: _account, invitedById: _by, ...invitation }: StoredInvitation): Invitation => invitation;

/** Takes one invitation of today's. @returns the day @throws Problem `too-many-invitations` */
const countToday = async ({ people, clock }: MemberPorts, accountId: string): Promise<number> => {
  const now = clock();
  const day = Math.floor(now / DAY_SECONDS);
  if (await people.countInvitation(accountId, day, INVITATIONS_PER_DAY)) return day;
  const retryAfterSeconds = DAY_SECONDS - (now % DAY_SECONDS);
  throw new Problem('too-many-invitations', 'the invitations of a day are used up', { retryAfterSeconds });
};

/**
 * Lets the person in as one invitation of today's; a try that fails costs none. Counted before the directory sends anything, so that
 * none goes out beyond the limit.
 * @returns whether a temporary password was sent
 * @throws Problem `too-many-invitations`, `unavailable`
 */
const admitToday = async (ports: MemberPorts, accountId: string, email: string): Promise<boolean> => {
  const day = await countToday(ports, accountId);
  try {
    return await ports.signInDirectory.admit(email);
  } catch (error) {
    // Where this fails too, the first failure is the one to tell of.
    await ports.people.uncountInvitation(accountId, day).catch(() => ports.log('invitation-count-not-given-back', {}));
    throw error;
  }
};

/** Everybody who may sign in, oldest first, and the invitations that wait. */
export const listMembers =
  (ports: MemberPorts) =>
  async ({ accountId }: Operator): Promise<Members> => {
    const [people, invitations] = await Promise.all([
      ports.people.listMembers(accountId),
      ports.people.listInvitations(accountId),
    ]);
    return {
      people: people.map(personOf).sort((a, b) => a.since - b.since),
      invitations: invitations.map(viewOf).sort((a, b) => a.invitedAt - b.invitedAt),
    };
  };

interface SentLink {
  readonly link: string;
  readonly expiresAt: EpochSeconds;
  readonly hasTemporaryPassword: boolean;
}

/** Sends the link. The invitation stands by now: where no e-mail goes, the owner gets the link to pass on. */
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
 * Invites somebody by e-mail. The link holds 192 random bits and works once, for a week, and for nobody but the owner of the
 * address. An earlier invitation of the same address ends. An e-mail that fails ends nothing: the answer then holds the link.
 * @throws Problem `invalid-option` for a person who is there already or too many open invitations, `too-many-invitations` with the
 *   seconds until the next try, `unavailable`
 */
export const invite =
  (ports: MemberPorts) =>
  async (operator: Operator, email: string, role: Role): Promise<Invited> => {
    const { accountId } = operator;
    const { people, invitations } = await listMembers(ports)(operator);
    const refuse = (detail: string): never => {
      throw new Problem('invalid-option', 'invitation', { errors: [{ pointer: '#/email', detail }] });
    };
    if (people.some((person) => person.email !== null && sameAddress(person.email, email))) {
      refuse('belongs to the account already');
    }
    const earlier = invitations.filter((each) => sameAddress(each.email, email));
    if (invitations.length - earlier.length >= MAX_INVITATIONS) refuse('too many invitations wait');
    const [secret, now] = [randomBytes(24).toString('base64url'), ports.clock()];
    const expiresAt = addSeconds(now, INVITATION_SECONDS);
    const { operatorId: invitedById } = operator;
    const invitation = { accountId, invitationId: hashOf(secret), invitedById, email, role, invitedAt: now, expiresAt };
    const act = { act: 'person-invited', detail: `${email} as ${role}` } as const;
    const hasTemporaryPassword = await underAudit(ports, operator, act, async () => {
      // Before the invitation: a link whose person cannot sign in would be a promise that nobody keeps.
      const isAdmitted = await admitToday(ports, accountId, email);
      await ports.people.putInvitation(
        invitation,
        earlier.map(({ invitationId }) => invitationId),
      );
      return isAdmitted;
    });
    const link = `${ports.publicOrigin}${PORTAL_PAGE_PATH}${INVITATION_PAGE}#${accountId}.${secret}`;
    return {
      invitation: viewOf(invitation),
      ...(await sendLink(ports, operator, { ...invitation, hasTemporaryPassword, link })),
    };
  };

export const revokeInvitation =
  (ports: MemberPorts) =>
  async (operator: Operator, invitationId: string): Promise<void> => {
    const invitation = await ports.people.readInvitation(operator.accountId, invitationId);
    if (invitation === null) throw new Problem('not-found', 'unknown or foreign invitation');
    await underAudit(ports, operator, { act: 'invitation-revoked', detail: invitation.email }, async () => {
      const isRemoved = await ports.people.removeInvitation(operator.accountId, invitationId);
      if (!isRemoved) throw new Problem('not-found', 'accepted or ended meanwhile');
    });
  };

/**
 * Makes the person a member, as the invitation says. One answer for every link that does not work: unknown, used, too old, or
 * sent to another address than the verified one of this sign-in, or by somebody who is no owner of the account any more.
 * @throws Problem `invitation-not-valid`
 */
export const acceptInvitation =
  (ports: MemberPorts) =>
  async (identity: Identity, token: string): Promise<void> => {
    const now = ports.clock();
    const at = token.lastIndexOf('.');
    const [accountId, secret] = [token.slice(0, at), token.slice(at + 1)];
    const invitation = at < 1 ? null : await ports.people.readInvitation(accountId, hashOf(secret));
    const isTheirs = identity.email !== null && invitation !== null && sameAddress(identity.email, invitation.email);
    if (invitation === null || !isTheirs || now >= invitation.expiresAt) {
      throw new Problem('invitation-not-valid', 'unknown, too old, or of another address');
    }
    const operatorId = operatorIdOf(identity);
    // Before the act is noted: whoever cannot get in by it could fill the account's audit log. `accept` makes sure of both.
    const [member, inviter] = await Promise.all([
      ports.operators.find(operatorId),
      invitation.invitedById === null ? null : ports.operators.find(invitation.invitedById),
    ]);
    if (member !== null) throw new Problem('invitation-not-valid', 'the person belongs to an account');
    if (inviter?.accountId !== accountId || inviter.role !== 'owner') {
      throw new Problem('invitation-not-valid', 'the inviter is no owner any more');
    }
    const { email } = identity;
    const operator: Operator = { operatorId, accountId, email, role: invitation.role, since: now };
    await underAudit(ports, operator, { act: 'invitation-accepted', detail: invitation.role }, async () => {
      if (await ports.people.accept(invitation, operator, now)) return;
      const reason = 'taken meanwhile, the inviter is no owner any more, or the person belongs to an account';
      throw new Problem('invitation-not-valid', reason);
    });
  };

const ownMember = async (ports: MemberPorts, operator: Operator, operatorId: string): Promise<Operator> => {
  const person = await ports.operators.find(operatorId);
  if (person === null || person.accountId !== operator.accountId) {
    throw new Problem('not-found', 'unknown or foreign person');
  }
  return person;
};

const finish = (change: MemberChange): void => {
  if (change !== 'done') throw new Problem(change, 'people of an account');
};

/**
 * @param base the role as whoever changes it last saw it
 * @throws Problem `not-found`, `last-owner`, `changed-meanwhile` that says who gave the person another role
 */
export const changeRole =
  (ports: MemberPorts) =>
  async (operator: Operator, { operatorId, role, base }: ChangeRole): Promise<Members> => {
    const person = await ownMember(ports, operator, operatorId);
    const detail = `${nameOf(person)}: ${person.role} to ${role}`;
    await underAudit(ports, operator, { act: 'role-changed', detail }, async () => {
      const fields = person.roleEdit == null ? {} : { role: person.roleEdit };
      mergeEdit({ role: person.role }, { version: 0, fields }, { change: { role }, base, pointer: '#' });
      const edit = { by: nameOf(operator), at: ports.clock() };
      if (role !== person.role) finish(await ports.people.changeRole(person, role, edit));
    });
    return listMembers(ports)(operator);
  };

const departureOf = ({ accountId }: Operator, how: Departure['how'], at: EpochSeconds): Departure => ({
  accountId,
  at,
  how,
});

/**
 * Takes somebody out; their next call is refused, and they can be invited again.
 * @throws Problem `not-found`, `last-owner`, `changed-meanwhile`
 */
export const removeMember =
  (ports: MemberPorts) =>
  async (operator: Operator, operatorId: string): Promise<void> => {
    const person = await ownMember(ports, operator, operatorId);
    await underAudit(ports, operator, { act: 'person-removed', detail: nameOf(person) }, async () =>
      finish(await ports.people.removeMember(person, departureOf(person, 'removed', ports.clock()))),
    );
  };

/** @throws Problem `last-owner`, `changed-meanwhile` */
export const leaveAccount =
  (ports: MemberPorts) =>
  async (operator: Operator): Promise<void> => {
    await underAudit(ports, operator, { act: 'person-left', detail: nameOf(operator) }, async () =>
      finish(await ports.people.removeMember(operator, departureOf(operator, 'left', ports.clock()))),
    );
  };
