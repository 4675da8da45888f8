import { createHash, randomBytes } from 'node:crypto';
import type { Invitation, Invited, People } from '../../../contract/api/portal/people.ts';
import { INVITATION_PAGE } from '../../../contract/api/portal/people.ts';
import type { Role } from '../../../contract/api/portal/permissions.ts';
import { PORTAL_PAGE_PATH } from '../../../contract/api/portal/sign-in.ts';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { Problem } from '../problem.ts';
import type { AccountPorts, MailSender } from './account.ts';
import { noteAct } from './audit.ts';
import type { Departure } from './found-account.ts';
import { type Identity, nameOf, type Operator, type Operators, operatorIdOf } from './operator.ts';

/** An invitation as it is kept: the hash of its token names it, the token is nowhere. */
export interface StoredInvitation extends Invitation {
  readonly accountId: string;
  /** Operator id of who invited; null in rows of older versions, which invite nobody any more. */
  readonly invitedById: string | null;
}

/** What became of a change of the people of an account. */
export type PeopleChange = 'done' | 'last-owner' | 'changed-meanwhile';

export interface PeopleStore {
  listPeople(accountId: string): Promise<readonly Operator[]>;
  /** One transaction; an account keeps an owner whatever runs in parallel. */
  changeRole(operator: Operator, role: Role): Promise<PeopleChange>;
  /** As `changeRole`; keeps how they left until they belong to an account again. */
  removePerson(operator: Operator, departure: Departure): Promise<PeopleChange>;
  listInvitations(accountId: string): Promise<readonly StoredInvitation[]>;
  /** Counts one more invitation of the account's day. False, and nothing counted, where the day has `limit` already. */
  countInvitation(accountId: string, day: number, limit: number): Promise<boolean>;
  addInvitation(invitation: StoredInvitation): Promise<void>;
  readInvitation(accountId: string, invitationId: string): Promise<StoredInvitation | null>;
  removeInvitation(accountId: string, invitationId: string): Promise<void>;
  /**
   * Takes the invitation and adds the person, in one transaction. False if either was not possible any more, or who invited is no
   * owner of the account any more: nobody comes back by an invitation that they sent before they were removed.
   */
  accept(invitation: StoredInvitation, operator: Operator, now: EpochSeconds): Promise<boolean>;
}

export interface InvitationMail extends MailSender {
  /** False: the deployment has no sender of e-mail. */
  sendInvitation(mail: {
    readonly to: string;
    readonly accountName: string;
    readonly invitedBy: string | null;
    readonly link: string;
    readonly expiresAt: EpochSeconds;
  }): Promise<boolean>;
}

export interface PeoplePorts extends AccountPorts {
  readonly operators: Operators;
  readonly people: PeopleStore;
  readonly invitationMail: InvitationMail;
  /** e.g. `https://verify.example.com` */
  readonly publicOrigin: string;
}

const INVITATION_SECONDS = 7 * 86_400;
/** How many may wait at once. */
const MAX_INVITATIONS = 50;
/**
 * E-mails an account may send in a UTC day, to one address or many, revoked or not: far more than anybody needs, and the most that
 * whoever holds an owner's session can send to strangers in the deployment's name.
 */
export const INVITATIONS_PER_DAY = 50;
const DAY_SECONDS = 86_400;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const personOf = ({ operatorId, email, role, since }: Operator) => ({ operatorId, email, role, since });
const viewOf = ({ accountId: _account, invitedById: _by, ...invitation }: StoredInvitation): Invitation => invitation;

/** Takes one invitation of today's. @throws Problem `too-many-invitations` */
const countToday = async ({ people, clock }: PeoplePorts, accountId: string): Promise<void> => {
  const now = clock();
  if (await people.countInvitation(accountId, Math.floor(now / DAY_SECONDS), INVITATIONS_PER_DAY)) return;
  const retryAfterSeconds = DAY_SECONDS - (now % DAY_SECONDS);
  throw new Problem('too-many-invitations', 'the invitations of a day are used up', { retryAfterSeconds });
};

/** Everybody who may sign in, oldest first, and the invitations that wait. */
export const listPeople =
  (ports: PeoplePorts) =>
  async ({ accountId }: Operator): Promise<People> => {
    const [people, invitations] = await Promise.all([
      ports.people.listPeople(accountId),
      ports.people.listInvitations(accountId),
    ]);
    return {
      people: people.map(personOf).sort((a, b) => a.since - b.since),
      invitations: invitations.map(viewOf).sort((a, b) => a.invitedAt - b.invitedAt),
    };
  };

/**
 * Invites somebody by e-mail. The link holds 192 random bits and works once, for a week, and for nobody but the owner of the
 * address. An earlier invitation of the same address ends.
 * @throws Problem `invalid-option` for a person who is there already or too many open invitations, `too-many-invitations` with the
 *   seconds until the next day, `unavailable`
 */
export const invite =
  (ports: PeoplePorts) =>
  async (operator: Operator, email: string, role: Role): Promise<Invited> => {
    const { accountId } = operator;
    const { people, invitations } = await listPeople(ports)(operator);
    const refuse = (detail: string): never => {
      throw new Problem('invalid-option', 'invitation', { errors: [{ pointer: '#/email', detail }] });
    };
    if (people.some((person) => person.email !== null && sameAddress(person.email, email))) {
      refuse('belongs to the account already');
    }
    const earlier = invitations.filter((each) => sameAddress(each.email, email));
    if (invitations.length - earlier.length >= MAX_INVITATIONS) refuse('too many invitations wait');
    await countToday(ports, accountId);
    await noteAct(ports, operator, 'person-invited', { detail: `${email} as ${role}` });
    for (const { invitationId } of earlier) await ports.people.removeInvitation(accountId, invitationId);
    const [secret, now] = [randomBytes(24).toString('base64url'), ports.clock()];
    const expiresAt = addSeconds(now, INVITATION_SECONDS);
    const { operatorId: invitedById } = operator;
    const invitation = { accountId, invitationId: hashOf(secret), invitedById, email, role, invitedAt: now, expiresAt };
    await ports.people.addInvitation(invitation);
    const link = `${ports.publicOrigin}${PORTAL_PAGE_PATH}${INVITATION_PAGE}#${accountId}.${secret}`;
    const accountName = (await ports.accounts.read(accountId))?.name ?? '';
    const mail = { to: email, accountName, invitedBy: operator.email, link, expiresAt };
    const isSent = await ports.invitationMail.sendInvitation(mail);
    return { invitation: viewOf(invitation), link: isSent ? null : link };
  };

export const revokeInvitation =
  (ports: PeoplePorts) =>
  async (operator: Operator, invitationId: string): Promise<void> => {
    const invitation = await ports.people.readInvitation(operator.accountId, invitationId);
    if (invitation === null) throw new Problem('not-found', 'unknown or foreign invitation');
    await noteAct(ports, operator, 'invitation-revoked', { detail: invitation.email });
    await ports.people.removeInvitation(operator.accountId, invitationId);
  };

/**
 * Makes the person a member, as the invitation says. One answer for every link that does not work: unknown, used, too old, or
 * sent to another address than the verified one of this sign-in, or by somebody who is no owner of the account any more.
 * @throws Problem `invitation-not-valid`
 */
export const acceptInvitation =
  (ports: PeoplePorts) =>
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
    await noteAct(ports, operator, 'invitation-accepted', { detail: invitation.role });
    if (!(await ports.people.accept(invitation, operator, now))) {
      throw new Problem(
        'invitation-not-valid',
        'taken meanwhile, the inviter is no owner any more, or the person belongs to an account',
      );
    }
  };

const ownPerson = async (ports: PeoplePorts, operator: Operator, operatorId: string): Promise<Operator> => {
  const person = await ports.operators.find(operatorId);
  if (person === null || person.accountId !== operator.accountId) {
    throw new Problem('not-found', 'unknown or foreign person');
  }
  return person;
};

const finish = (change: PeopleChange): void => {
  if (change !== 'done') throw new Problem(change, 'people of an account');
};

/** @throws Problem `not-found`, `last-owner`, `changed-meanwhile` */
export const changeRole =
  (ports: PeoplePorts) =>
  async (operator: Operator, operatorId: string, role: Role): Promise<People> => {
    const person = await ownPerson(ports, operator, operatorId);
    const detail = `${nameOf(person)}: ${person.role} to ${role}`;
    await noteAct(ports, operator, 'role-changed', { detail });
    if (role !== person.role) finish(await ports.people.changeRole(person, role));
    return listPeople(ports)(operator);
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
export const removePerson =
  (ports: PeoplePorts) =>
  async (operator: Operator, operatorId: string): Promise<void> => {
    const person = await ownPerson(ports, operator, operatorId);
    await noteAct(ports, operator, 'person-removed', { detail: nameOf(person) });
    finish(await ports.people.removePerson(person, departureOf(person, 'removed', ports.clock())));
  };

/** @throws Problem `last-owner`, `changed-meanwhile` */
export const leaveAccount =
  (ports: PeoplePorts) =>
  async (operator: Operator): Promise<void> => {
    await noteAct(ports, operator, 'person-left', { detail: nameOf(operator) });
    finish(await ports.people.removePerson(operator, departureOf(operator, 'left', ports.clock())));
  };
